/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/arena.h"
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_are_resized),
        cmocka_unit_test(too_large_arrays_are_refused),
    };

    return cmocka_run_group_tests_name("core.arena", tests, NULL, NULL);
}
