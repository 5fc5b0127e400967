/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table_test.h"

#include <stdlib.h>

static const size_t mebi = 1024 * 1024;

static mtp_status read_bytes(const char *text, size_t length, mtp_error *err)
{
    mtp_table *table = NULL;
    mtp_status status =
        mtp_table_parse_csv("t.csv", text, length, NULL, &table, NULL, err);

    assert_int_equal(status == MTP_OK, table != NULL);
    mtp_table_free(table);
    return status;
}

/* head, `count` times `body`, tail */
static char *fill(const char *head, const char *body, size_t count, const char *tail,
                  size_t *length)
{
    size_t n = strlen(head), step = strlen(body), end = strlen(tail);
    char *text = malloc(n + count * step + end + 1);

    assert_non_null(text);
    memcpy(text, head, n);
    for (size_t i = 0; i < count; i++, n += step) {
        memcpy(text + n, body, step);
    }
    memcpy(text + n, tail, end + 1);
    *length = n + end;
    return text;
}

static void assert_reads(const char *head, const char *body, size_t count,
                         const char *tail)
{
    mtp_error err = {0};
    size_t length;
    char *text = fill(head, body, count, tail, &length);

    assert_int_equal(read_bytes(text, length, &err), MTP_OK);
    free(text);
}

static void assert_refused(const char *head, const char *body, size_t count,
                           const char *tail, size_t line, const char *part)
{
    mtp_error err = {0};
    size_t length;
    char *text = fill(head, body, count, tail, &length);

    assert_int_equal(read_bytes(text, length, &err), MTP_E_DATA);
    assert_contains(err.message, part);
    assert_int_equal(err.line, line);
    free(text);
}

static void fields_end_at_16_mebibytes(void **state)
{
    (void)state;
    assert_reads("a,b\n1,", "x", 16 * mebi, "\n");
    assert_refused("a,b\n1,", "x", 16 * mebi + 1, "\n", 2, "larger than 16 MiB");
    assert_reads("a,b\n1,\"", "x", 16 * mebi, "\"\n");
    assert_refused("a,b\n1,\"", "x", 16 * mebi + 1, "\"\n", 2, "larger than 16 MiB");
    /* a quote that swallows the rest of the file */
    assert_refused("a,b\n1,2\n3,\"", "row,row\n", 3 * mebi, "\n", 3,
                   "closing quote may be missing");
}

static void rows_end_at_64_mebibytes(void **state)
{
    static const size_t field = 15;
    size_t n = 5 * field * mebi, at = 0;
    char *text = malloc(n + 64);
    mtp_error err = {0};

    (void)state;
    assert_non_null(text);
    at += (size_t)snprintf(text, n, "a,b,c,d,e\n");
    for (size_t i = 0; i < 5; i++) {
        memset(text + at, 'x', field * mebi);
        at += field * mebi;
        text[at++] = i < 4 ? ',' : '\n';
    }
    assert_int_equal(read_bytes(text, at, &err), MTP_E_DATA);
    assert_contains(err.message, "row is larger than 64 MiB");
    assert_int_equal(err.line, 2);
    free(text);
}

static void columns_end_at_32767(void **state)
{
    size_t length;
    char *text = malloc(600000);
    mtp_error err = {0};

    (void)state;
    assert_non_null(text);
    for (size_t columns = 32767; columns <= 32768; columns++) {
        length = 0;
        for (size_t i = 0; i < columns; i++) {
            length += (size_t)snprintf(text + length, 600000 - length, "%sc%zu",
                                       i ? "," : "", i);
        }
        text[length++] = '\n';
        for (size_t i = 0; i < columns; i++) {
            length +=
                (size_t)snprintf(text + length, 600000 - length, i ? ",%c" : "%c", '7');
        }
        assert_int_equal(read_bytes(text, length, &err),
                         columns == 32767 ? MTP_OK : MTP_E_DATA);
    }
    assert_contains(err.message, "more than 32767 columns");
    assert_int_equal(err.line, 1);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_end_at_16_mebibytes),
        cmocka_unit_test(rows_end_at_64_mebibytes),
        cmocka_unit_test(columns_end_at_32767),
    };

    return cmocka_run_group_tests_name("table.limits", tests, NULL, NULL);
}
