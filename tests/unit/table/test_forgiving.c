/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/table.h"

#include "core/arena.h"
#include "support/test.h"
#include "table/table.h"

#include <string.h>

static mtp_status parse(const char *text, unsigned threads, mtp_table **table,
                        mtp_problems *problems, mtp_error *err)
{
    mtp_table_options options;

    mtp_table_options_init(&options, sizeof options);
    options.forgiving = true;
    options.threads = threads;
    return mtp_table_parse_csv("t.csv", text, strlen(text), &options, table, problems,
                               err);
}

static const char doubtful[] = "s,n,n,,n (3)\n"
                               "A,1,2,3,4\n"
                               "B,1,234,5\n"
                               "C,1e400,NA,.,6\n";

static void a_table_is_made_of_what_can_be_read(void **state)
{
    mtp_problems problems = {0};
    mtp_error err = {.status = MTP_OK};
    mtp_table *table = NULL, *made = NULL;
    const mtp_column *n;

    (void)state;
    assert_int_equal(parse(doubtful, 4, &table, &problems, &err), MTP_OK);
    assert_int_equal(mtp_table_rows(table), 2);
    assert_string_equal(mtp_table_column(table, 2)->name, "n (4)"); /* n (3) is taken */
    assert_string_equal(mtp_table_column(table, 3)->name, "column 4");
    assert_int_equal(table->n_mended, 2);
    assert_int_equal(table->mended[0].column, 2);
    assert_string_equal(table->mended[0].written, "n");
    assert_string_equal(table->mended[0].name, "n (4)");
    assert_string_equal(table->mended[1].written, "");
    n = mtp_table_find(table, "n");
    assert_int_equal(n->type, MTP_TEXT);
    assert_null(n->number);
    assert_string_equal(n->text[1], "1e400");
    assert_int_equal(mtp_table_line(table, 1), 4);
    assert_int_equal(table->missing_words, 1U << 1 | 1U << 4);

    assert_int_equal(problems.count, 1);
    assert_int_equal(problems.item[0].status, MTP_OK);
    assert_int_equal(problems.item[0].line, 3);
    assert_non_null(strstr(problems.item[0].message, "the row has 4 fields"));
    assert_int_equal(err.status, MTP_OK);
    assert_int_equal(mtp_table_query(table, "SELECT s FROM data", &made, NULL), MTP_OK);
    assert_int_equal(made->n_mended, 2);
    assert_string_equal(made->mended[0].name, "n (4)");
    assert_int_equal(made->missing_words, table->missing_words);
    mtp_table_free(made);
    mtp_table_free(table);
}

static void what_is_no_text_is_refused_all_the_same(void **state)
{
    mtp_problems problems = {0};
    mtp_error err;
    mtp_table *table = NULL;

    (void)state;
    assert_int_equal(parse("a,b\n1\n\xFF,2\n", 1, &table, &problems, &err),
                     MTP_E_SYNTAX);
    assert_null(table);
    assert_int_equal(problems.count, 2); /* the short row, and the byte */
    assert_int_equal(err.status, MTP_E_SYNTAX);
    assert_int_equal(err.line, 3);
    assert_int_equal(parse("a,b\n1\n", 1, &table, NULL, &err), MTP_E_DATA);
    assert_string_equal(err.message, "the file has a header but no rows");
}

/* More rows of another length than a list of problems keeps, and then the NUL. */
static void an_obstacle_behind_many_others_is_one(void **state)
{
    mtp_table_options options;
    mtp_problems problems = {0};
    mtp_error err;
    mtp_table *table = NULL;
    char text[256] = "a,b\n1,2\n";
    size_t length = strlen(text);

    (void)state;
    for (size_t i = 0; i < MTP_PROBLEMS_KEPT + 5; i++) {
        memcpy(text + length, "3\n", 2);
        length += 2;
    }
    text[length++] = '\0';
    mtp_table_options_init(&options, sizeof options);
    options.forgiving = true;
    assert_int_equal(
        mtp_table_parse_csv("t.csv", text, length, &options, &table, &problems, &err),
        MTP_E_SYNTAX);
    assert_null(table);
    assert_int_equal(err.status, MTP_E_SYNTAX);
    assert_int_equal(err.line, MTP_PROBLEMS_KEPT + 8);
    assert_int_equal(problems.count, MTP_PROBLEMS_KEPT + 6);
}

static void every_allocation_may_fail(void **state)
{
    mtp_status status = MTP_E_NOMEM;

    (void)state;
    for (size_t n = 1; status != MTP_OK; n++) {
        mtp_table *table = NULL;

        mtp_arena_fail_after(n);
        status = parse(doubtful, 1, &table, NULL, NULL);
        mtp_arena_fail_after(0);
        assert_true(status == MTP_OK || (status == MTP_E_NOMEM && !table));
        mtp_table_free(table);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_is_made_of_what_can_be_read),
        cmocka_unit_test(what_is_no_text_is_refused_all_the_same),
        cmocka_unit_test(an_obstacle_behind_many_others_is_one),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
