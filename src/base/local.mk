# Floor 0: what everything else is written with.
noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	src/base/addr.c src/base/addr.h \
	src/base/cleanup.h \
	src/base/cursor.h \
	src/base/embed.h \
	src/base/format.c src/base/format.h \
	src/base/frame.h \
	src/base/json.c src/base/json.h \
	src/base/log.c src/base/log.h \
	src/base/strbuf.c src/base/strbuf.h \
	src/base/utf8.h \
	src/base/write.c src/base/write.h
