/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/owned.h"
#include "support/test.h"

#include <stdint.h>

/* Arrays that grow, shrink and go in any order keep what is in them; what is left goes
 * with the arena, which a sanitizer or valgrind checks. */
static void arrays_are_resized(void **state)
{
    enum { ARRAYS = 4, LARGEST = 1 << 20 };
    mtp_arena *arena = mtp_arena_new();
    uint32_t *array[ARRAYS] = {NULL};
    size_t length[ARRAYS] = {0};

    (void)state;
    assert_non_null(arena);
    for (size_t n = 1; n <= LARGEST; n *= 4) {
        for (size_t a = 0; a < ARRAYS; a++) {
            size_t next = a % 2 ? n : n / 2 + 1;

            array[a] = mtp_arena_resize(arena, array[a], next, sizeof *array[a]);
            assert_non_null(array[a]);
            for (size_t i = length[a]; i < next; i++) {
                array[a][i] = (uint32_t)(i ^ a);
            }
            length[a] = next;
        }
        mtp_arena_drop(arena, array[n % 3]);
        array[n % 3] = NULL;
        length[n % 3] = 0;
    }
    for (size_t a = 0; a < ARRAYS; a++) {
        for (size_t i = 0; i < length[a]; i++) {
            assert_int_equal(array[a][i], i ^ a);
        }
    }
    mtp_arena_drop(arena, NULL);
    mtp_arena_free(arena);
}

static void too_large_arrays_are_refused(void **state)
{
    mtp_arena *arena = mtp_arena_new();
    char *kept = mtp_arena_resize(arena, NULL, 3, 1);

    (void)state;
    assert_non_null(kept);
    memcpy(kept, "ok", 3);
    assert_null(mtp_arena_resize(arena, kept, SIZE_MAX / 2, 3));
    assert_null(mtp_arena_resize(arena, kept, SIZE_MAX, 1));
    mtp_arena_fail_after(1);
    assert_null(mtp_arena_resize(arena, kept, 4, 1));
    mtp_arena_fail_after(0);
    assert_string_equal(kept, "ok");
    mtp_arena_free(arena);
}

/* A result and what it points to go at once; the sanitizer tells what stays. */
static void results_own_what_they_point_to(void **state)
{
    (void)state;
    double *result = MTP_OWNED_NEW(double);

    assert_non_null(result);
    assert_true(*result == 0.0);
    *result = 7.0;
    assert_non_null(mtp_arena_alloc(mtp_owned_arena(result), 100, sizeof *result));
    assert_true(*result == 7.0);
    mtp_owned_free(result);
    mtp_owned_free(NULL);
    assert_null(mtp_owned_new(SIZE_MAX));
    for (size_t n = 1; n <= 2; n++) { /* the arena, its first block */
        mtp_arena_fail_after(n);
        assert_null(mtp_owned_new(1 << 20));
    }
    mtp_arena_fail_after(0);
}

/* Options of an older library are shorter, of a newer one longer. */
static void options_differ_in_length(void **state)
{
    typedef struct options {
        size_t size;
        int old, new;
    } options;
    const options defaults = {.size = sizeof(options), .old = 1, .new = 2};
    options given = {.size = offsetof(options, new), .old = 3, .new = 4};
    options used = defaults;
    struct {
        options known;
        int later;
    } longer = {.known = {.size = sizeof longer, .old = 5, .new = 6}, .later = 7};

    (void)state;
    mtp_options_take(&used, sizeof used, NULL);
    assert_int_equal(used.old, 1);
    mtp_options_take(&used, sizeof used, &given);
    assert_int_equal(used.old, 3);
    assert_int_equal(used.new, 2);
    mtp_options_take(&used, sizeof used, &longer);
    assert_int_equal(used.new, 6);
    mtp_options_give(&given, offsetof(options, new), &defaults, sizeof defaults);
    assert_int_equal(given.old, 1);
    assert_int_equal(given.new, 4);
    mtp_options_give(&longer, sizeof longer, &defaults, sizeof defaults);
    assert_int_equal(longer.known.new, 2);
    assert_int_equal(longer.later, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_are_resized),
        cmocka_unit_test(too_large_arrays_are_refused),
        cmocka_unit_test(results_own_what_they_point_to),
        cmocka_unit_test(options_differ_in_length),
    };

    return cmocka_run_group_tests_name("core.arena", tests, NULL, NULL);
}
