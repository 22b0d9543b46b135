# Floor 2: connections, from deltas and from frames.
noinst_LIBRARIES += libflow.a
libflow_a_SOURCES = \
	src/flow/connection.c src/flow/connection.h \
	src/flow/connection_life.c src/flow/connection_life.h \
	src/flow/connection_state.c \
	src/flow/connection_store.c src/flow/connection_store.h \
	src/flow/frame_checksum.c src/flow/frame_checksum.h \
	src/flow/flow_frame.c src/flow/flow_frame.h \
	src/flow/flow_merge.c src/flow/flow_merge.h \
	src/flow/flow_table.c src/flow/flow_table.h src/flow/flow_table_private.h \
	src/flow/flow_waiting.c src/flow/flow_waiting.h \
	src/flow/merge_order.c src/flow/merge_order.h \
	src/flow/round_trip.c src/flow/round_trip.h \
	src/flow/tunnel.c src/flow/tunnel.h
EXTRA_DIST += src/flow/README.md
