# Floor 3: what is said about connections.
noinst_LIBRARIES += libreport.a
libreport_a_SOURCES = \
	src/report/community_id.c src/report/community_id.h \
	src/report/conn_log.c src/report/conn_log.h \
	src/report/event_log.c src/report/event_log.h \
	src/report/event_queue.c src/report/event_queue.h \
	src/report/histogram.c src/report/histogram.h \
	src/report/pcap_writer.c src/report/pcap_writer.h \
	src/report/pcapng_writer.c src/report/pcapng_writer.h \
	src/report/seen_names.c src/report/seen_names.h \
	src/report/summary.c src/report/summary.h \
	src/report/summary_recent.c src/report/summary_recent.h \
	src/report/summary_rows.c src/report/summary_rows.h \
	src/report/summary_table.c src/report/summary_table.h \
	src/report/units.c src/report/units.h \
	src/report/whole_file.c src/report/whole_file.h
