/* SPDX-License-Identifier: BSD-3-Clause */
/* When -w goes on with another file; what that is called beside tcpdump's is in
 * tests/familiar.test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "src/rotation.h"

/* Far from any boundary, however long this test is held up. */
enum { LONG = 100000 };

static void due(struct rotation *rotation)
{
	rotation->since -= LONG;
}

static void time_ends_files_and_then_the_run(void **state)
{
	struct options options = {
		.write = "out", .file_seconds = LONG, .files = 3};
	struct rotation rotation;

	(void)state;
	rotation_begin(&rotation, &options);
	assert_int_equal(rotation_step(&rotation, 0), ROTATION_STAY);
	for (int i = 0; i < 2; i++) {
		due(&rotation);
		assert_int_equal(rotation_step(&rotation, 0), ROTATION_NEXT);
		assert_int_equal(rotation_step(&rotation, 0), ROTATION_STAY);
	}
	due(&rotation);
	assert_int_equal(rotation_step(&rotation, 0), ROTATION_END);
}

/* With both, -W is for sizes, and a file that is due begins their row anew. */
static void sizes_are_counted_from_each_time(void **state)
{
	struct options options = {.write = "out",
				  .file_seconds = LONG,
				  .file_size = 1,
				  .files = 11};
	struct rotation rotation;
	struct strbuf path = STRBUF_INIT;

	(void)state;
	rotation_begin(&rotation, &options);
	assert_int_equal(rotation_step(&rotation, 1000000), ROTATION_STAY);
	for (int i = 0; i < 2; i++)
		assert_int_equal(rotation_step(&rotation, 1000001),
				 ROTATION_NEXT);
	assert_int_equal(rotation_put_path(&rotation, &path), 0);
	assert_string_equal(strbuf_text(&path), "out02");
	for (int i = 0; i < 20; i++) {
		due(&rotation);
		assert_int_equal(rotation_step(&rotation, 1000001),
				 ROTATION_NEXT);
	}
	strbuf_reset(&path);
	assert_int_equal(rotation_put_path(&rotation, &path), 0);
	assert_string_equal(strbuf_text(&path), "out00");
	for (int i = 0; i < 11; i++)
		assert_int_equal(rotation_step(&rotation, UINT64_MAX),
				 ROTATION_NEXT);
	assert_int_equal(rotation.by_size, 0);
	strbuf_free(&path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_ends_files_and_then_the_run),
		cmocka_unit_test(sizes_are_counted_from_each_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
