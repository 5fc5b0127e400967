/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv.h"
#include "table_test.h"

#include <stdint.h>
#include <stdlib.h>

/*
 * However a file is divided, whoever splits its records, and on however many threads:
 * the table and the problems are the same. Files are made at random, from a seed, so
 * that what the cells are is known; then they are damaged at random.
 */

enum { ROOM = 1 << 16, MOST_ROWS = 60, MOST_COLUMNS = 9, FILES = 3000 };

static uint64_t state;

/* A number below n: the top of a linear congruential step (Knuth's MMIX constants). */
static size_t below(size_t n)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)((state >> 33) % n);
}

static const char *const cells[] = {
    "",
    "1",
    "-2.5",
    "12",
    "0.125",
    "1e3",
    "NA",
    ".",
    " 7 ",
    "x",
    "Axi-cel",
    "\xC3\xA9t\xC3\xA9",
    "1e400",
    "a b",
    "-",
    "n/a",
    "123456789012",
    "3.14159265358979",
    " ",
    "9,5",
    "say \"hi\"",
    "two\nlines",
    "cr\rlf\r\n",
    "\342\210\2224",
    ",",
    "\"",
    "0000.50",
    "longer than eight bytes",
};

typedef struct file {
    char text[ROOM];
    size_t length;
    size_t rows, columns;
    const char *cell[MOST_ROWS][MOST_COLUMNS];
    size_t line[MOST_ROWS];
    char delimiter;
    bool given; /* the delimiter is an option */
} file;

static void put(file *f, const char *text)
{
    for (; *text; text++) {
        f->text[f->length++] = *text;
    }
}

static bool needs_quotes(const char *cell, char delimiter)
{
    return strchr(cell, delimiter) || strpbrk(cell, "\"\r\n");
}

static void put_cell(file *f, const char *cell, bool quoted)
{
    if (!quoted) {
        put(f, cell);
        return;
    }
    put(f, "\"");
    for (; *cell; cell++) {
        const char twice[] = {*cell, *cell == '"' ? '"' : '\0', '\0'};

        put(f, twice);
    }
    put(f, "\"");
}

/* Line ends in a text: LF, CR or CRLF. */
static size_t lines_in(const char *text)
{
    size_t n = 0;

    for (; *text; text++) {
        n += *text == '\n' || (*text == '\r' && text[1] != '\n');
    }
    return n;
}

static size_t put_row(file *f, size_t row, size_t palette, size_t quoting)
{
    const char delimiter[] = {f->delimiter, '\0'};
    size_t lines = 0;

    for (size_t c = 0; c < f->columns; c++) {
        const char *cell =
            cells[(c * 7 + below(palette)) % (sizeof cells / sizeof *cells)];

        /* The only cell of a row must not make it a blank line. */
        cell = f->columns == 1 && strspn(cell, " ") == strlen(cell) ? "1" : cell;
        f->cell[row][c] = cell;
        put(f, c ? delimiter : "");
        put_cell(f, cell, needs_quotes(cell, f->delimiter) || below(100) < quoting);
        lines += lines_in(cell);
    }
    return lines;
}

static void make_file(file *f)
{
    static const char *const ends[] = {"\n", "\r\n", "\r"};
    size_t end = below(4), palette = 1 + below(sizeof cells / sizeof *cells);
    size_t quoting = below(3) ? below(10) : 0, blank = below(2) ? 0 : 5, line = 2;

    f->length = 0;
    f->rows = 1 + below(MOST_ROWS);
    f->columns = 1 + below(MOST_COLUMNS);
    f->delimiter = ",;\t"[below(3)];
    f->given = f->columns == 1 || below(2);
    for (size_t c = 0; c < f->columns; c++) {
        const char name[] = {c ? f->delimiter : 'c', (char)('a' + c), '\0'};

        put(f, name);
    }
    put(f, ends[end % 3]);
    for (size_t row = 0; row < f->rows; row++) {
        bool last = row + 1 == f->rows;

        for (; below(100) < blank; line++) {
            put(f, ends[end % 3]);
        }
        f->line[row] = line;
        line += 1 + put_row(f, row, palette, quoting);
        put(f, last && below(2) ? "" : ends[end < 3 ? end : below(2)]);
    }
}

typedef struct outcome {
    mtp_status status;
    mtp_table *table;
    mtp_problems problems;
    mtp_error err;
} outcome;

static void read_file(const file *f, mtp_csv_tuning tuning, unsigned threads,
                      outcome *out)
{
    mtp_table_options options;

    *out = (outcome){0};
    mtp_table_options_init(&options, sizeof options);
    options.delimiter = f->given ? f->delimiter : '\0';
    options.threads = threads;
    out->status = mtp_csv_parse("t.csv", f->text, f->length, &options, tuning,
                                &out->table, &out->problems, &out->err);
}

static void assert_same_column(const mtp_column *a, const mtp_column *b)
{
    assert_string_equal(a->name, b->name);
    assert_int_equal(a->type, b->type);
    assert_int_equal(a->rows, b->rows);
    assert_memory_equal(a->missing, b->missing, a->rows);
    for (size_t i = 0; i < a->rows; i++) {
        assert_int_equal(a->text[i] == NULL, b->text[i] == NULL);
        if (a->text[i]) {
            assert_string_equal(a->text[i], b->text[i]);
        }
        if (a->number && !a->missing[i]) {
            assert_memory_equal(&a->number[i], &b->number[i], sizeof a->number[i]);
        }
    }
}

static void assert_same(const outcome *a, const outcome *b)
{
    size_t kept =
        a->problems.count < MTP_PROBLEMS_KEPT ? a->problems.count : MTP_PROBLEMS_KEPT;

    assert_int_equal(a->status, b->status);
    assert_string_equal(a->err.message, b->err.message);
    assert_int_equal(a->problems.count, b->problems.count);
    for (size_t i = 0; i < kept; i++) {
        assert_string_equal(a->problems.item[i].message, b->problems.item[i].message);
        assert_string_equal(a->problems.item[i].column, b->problems.item[i].column);
        assert_int_equal(a->problems.item[i].line, b->problems.item[i].line);
    }
    if (a->status != MTP_OK) {
        assert_null(b->table);
        return;
    }
    assert_string_equal(mtp_table_sha256(a->table), mtp_table_sha256(b->table));
    assert_int_equal(mtp_table_rows(a->table), mtp_table_rows(b->table));
    assert_int_equal(mtp_table_columns(a->table), mtp_table_columns(b->table));
    for (size_t i = 0; i < mtp_table_rows(a->table); i++) {
        assert_int_equal(mtp_table_line(a->table, i), mtp_table_line(b->table, i));
    }
    for (size_t c = 0; c < mtp_table_columns(a->table); c++) {
        assert_same_column(mtp_table_column(a->table, c),
                           mtp_table_column(b->table, c));
    }
}

/* By libcsv alone, in one piece and one thread: what all others must give. */
static const mtp_csv_tuning whole = {ROOM, ROOM, true};

static void compare_divisions(const file *f, const outcome *expected)
{
    static const size_t sizes[] = {1, 40, 100, 1000, ROOM};
    static const unsigned threads[] = {1, 2, 7};

    for (size_t i = 0; i < 4; i++) {
        mtp_csv_tuning tuning = {sizes[below(5)], sizes[below(5)], below(8) == 0};
        outcome found;

        read_file(f, tuning, threads[i % 3], &found);
        assert_same(expected, &found);
        mtp_table_free(found.table);
    }
}

static bool is_missing_word(const char *cell)
{
    return cell[strspn(cell, " ")] == '\0' || strcmp(cell, "NA") == 0 ||
           strcmp(cell, ".") == 0 || strcmp(cell, "n/a") == 0;
}

static void assert_cells(const file *f, const mtp_table *table)
{
    assert_int_equal(mtp_table_rows(table), f->rows);
    assert_int_equal(mtp_table_columns(table), f->columns);
    for (size_t i = 0; i < f->rows; i++) {
        assert_int_equal(mtp_table_line(table, i), f->line[i]);
        for (size_t c = 0; c < f->columns; c++) {
            const char *cell = f->cell[i][c];
            const char *found = mtp_table_column(table, c)->text[i];

            if (is_missing_word(cell)) {
                assert_null(found);
            } else {
                assert_non_null(found);
                assert_string_equal(found, cell);
            }
        }
    }
}

static void whole_files_are_read_alike(void **unused)
{
    static file f;

    (void)unused;
    state = 20261122;
    for (size_t i = 0; i < FILES; i++) {
        outcome expected;

        make_file(&f);
        read_file(&f, whole, 1, &expected);
        if (expected.table) {
            assert_cells(&f, expected.table);
        } else {
            assert_contains(expected.err.message, "beyond the largest number");
        }
        compare_divisions(&f, &expected);
        mtp_table_free(expected.table);
    }
}

/* A byte put in, replaced or taken out; or the end. */
static void damage(file *f)
{
    static const char bytes[] = {'"', '"', '\n', '\r', ',', '\0', '\xFF', '\xC3', 'x'};
    size_t at = below(f->length), how = below(10);

    if (how == 0) {
        f->length = at;
    } else if (how < 4) {
        f->text[at] = bytes[below(sizeof bytes)];
    } else if (how < 6) {
        memmove(f->text + at, f->text + at + 1, f->length - at - 1);
        f->length--;
    } else {
        memmove(f->text + at + 1, f->text + at, f->length - at);
        f->text[at] = bytes[below(sizeof bytes)];
        f->length++;
    }
}

static void damaged_files_are_read_alike(void **unused)
{
    static file f;
    size_t refused = 0;

    (void)unused;
    state = 1859;
    for (size_t i = 0; i < FILES; i++) {
        outcome expected;

        make_file(&f);
        for (size_t n = 1 + below(3); n > 0 && f.length > 0; n--) {
            damage(&f);
        }
        read_file(&f, whole, 1, &expected);
        compare_divisions(&f, &expected);
        refused += expected.status != MTP_OK;
        mtp_table_free(expected.table);
    }
    assert_in_range(refused, FILES / 4, FILES - 1);
}

/* Many segments of the usual size, so that columns grow and turn to text late. */
static void long_files_are_read_alike(void **unused)
{
    enum { ROWS = 100000, ROW = 40 };
    char *text = malloc((size_t)ROWS * ROW);
    mtp_csv_tuning all = {(size_t)ROWS * ROW, 1, true};
    size_t length = 0;
    outcome expected, found;
    mtp_table_options options;

    (void)unused;
    assert_non_null(text);
    length += (size_t)snprintf(text, ROW, "a,b,c,d\n");
    for (size_t i = 0; i < ROWS; i++) {
        length += (size_t)snprintf(text + length, ROW, "%zu,%s,%s,%zu.5\n", i,
                                   i == 90000 ? "late"
                                   : i % 3    ? "7"
                                              : "",
                                   i % 1000 ? "x" : "\"y\ny\"", i % 77);
    }
    mtp_table_options_init(&options, sizeof options);
    expected = found = (outcome){0};
    assert_int_equal(
        mtp_csv_parse("t", text, length, &options, all, &expected.table, NULL, NULL),
        MTP_OK);
    for (options.threads = 1; options.threads < 4; options.threads++) {
        assert_int_equal(
            mtp_table_parse_csv("t", text, length, &options, &found.table, NULL, NULL),
            MTP_OK);
        assert_same(&expected, &found);
        mtp_table_free(found.table);
    }
    assert_int_equal(mtp_table_find(expected.table, "a")->type, MTP_NUMBER);
    assert_int_equal(mtp_table_find(expected.table, "b")->type, MTP_TEXT);
    assert_true(mtp_table_find(expected.table, "a")->number[99999] == 99999.0);
    mtp_table_free(expected.table);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_files_are_read_alike),
        cmocka_unit_test(damaged_files_are_read_alike),
        cmocka_unit_test(long_files_are_read_alike),
    };

    return cmocka_run_group_tests_name("table.division", tests, NULL, NULL);
}
