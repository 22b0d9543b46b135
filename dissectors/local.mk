# Bytes -> struct packet -> text and JSON; one protocol a file.
noinst_HEADERS += dissectors/packet.h dissectors/dissect.h dissectors/text.h \
	dissectors/packet_json.h
