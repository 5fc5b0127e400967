/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/builders.h"
#include "report/cell.h"
#include "report/json.h"
#include "report/writers.h"
#include "samples.h"
#include "support/c_number.h"
#include "support/test.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

static const double nan_value = (double)NAN;

static const char *shown(mtp_doc_cell cell, int digits, char text[64])
{
    mtp_strbuf out;

    mtp_strbuf_init(&out);
    mtp_strbuf_add(&out, "");
    mtp_doc_cell_add(&out, &cell, digits);
    assert_false(out.failed);
    (void)snprintf(text, 64, "%s", out.text);
    mtp_strbuf_free(&out);
    return text;
}

static void a_number_is_shown_by_its_kind(void **state)
{
    static const struct {
        mtp_doc_kind kind;
        double value;
        int digits;
        const char *text;
    } cases[] = {
        {MTP_DOC_ESTIMATE, 0.06822097631994897, 4, "0.0682"},
        {MTP_DOC_ESTIMATE, 0.06822097631994897, 7, "0.0682210"},
        {MTP_DOC_ESTIMATE, -2.5, 2, "-2.50"},
        {MTP_DOC_ESTIMATE, 0.0, 4, "0.0000"},
        {MTP_DOC_ESTIMATE, 0.0012, 4, "0.0012"},
        {MTP_DOC_ESTIMATE, 0.000344, 4, "0.000344"},
        {MTP_DOC_ESTIMATE, -1.2345e-9, 4, "-1.23e-09"},
        {MTP_DOC_ESTIMATE, 0.04, 1, "0.04"},
        {MTP_DOC_ESTIMATE, 0.06, 1, "0.1"},
        {MTP_DOC_ESTIMATE, 123456789.0, 4, "1.23457e+08"},
        {MTP_DOC_ESTIMATE, HUGE_VAL, 4, "inf"},
        {MTP_DOC_ESTIMATE, -HUGE_VAL, 4, "-inf"},
        {MTP_DOC_COUNT, 7604.0, 4, "7604"},
        {MTP_DOC_COUNT, 1234.5678, 4, "1234.57"},
        {MTP_DOC_COUNT, 0.25, 4, "0.2500"},
        {MTP_DOC_NUMBER, 0.05, 4, "0.05"},
        {MTP_DOC_STATISTIC, 18.936059022372813, 4, "18.936"},
        {MTP_DOC_STATISTIC, 18.936059022372813, 0, "18.94"},
        {MTP_DOC_STATISTIC, 18.936059022372813, 7, "18.936059"},
        {MTP_DOC_PERCENT, 92.221384, 4, "92.2"},
        {MTP_DOC_PERCENT, 92.221384, 6, "92.221"},
    };
    char text[64];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mtp_doc_cell cell = mtp_doc_cell_number(cases[i].kind, cases[i].value);

        assert_string_equal(shown(cell, cases[i].digits, text), cases[i].text);
    }
}

static void a_p_value_never_becomes_zero(void **state)
{
    static const struct {
        double p, log_p;
        int digits;
        const char *alone, *equation;
    } cases[] = {
        {0.0259, 0.0, 4, "0.0259", "p = 0.0259"},
        {1.0, 0.0, 4, "1.0000", "p = 1.0000"},
        {0.0001, 0.0, 4, "0.0001", "p = 0.0001"},
        {0.00009999, 0.0, 4, "< 0.0001", "p < 0.0001"},
        {0.00009999, 0.0, 6, "0.000100", "p = 0.000100"},
        {0.0259, 0.0, 0, "0.0259", "p = 0.0259"},
        {1e-299, -688.47, 4, "< 0.0001", "p < 0.0001"},
        {1e-301, -693.07, 4, "< 1e-300", "p < 1e-300 (ln p = -693.070)"},
        {0.0, -1234.5678, 4, "< 1e-300", "p < 1e-300 (ln p = -1234.568)"},
        {0.0, -HUGE_VAL, 4, "< 1e-300", "p < 1e-300"},
    };
    char text[64];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mtp_doc_cell cell = mtp_doc_cell_pair(MTP_DOC_P, cases[i].p, cases[i].log_p);

        assert_string_equal(shown(cell, cases[i].digits, text), cases[i].alone);
        cell.kind = MTP_DOC_P_EQUATION;
        assert_string_equal(shown(cell, cases[i].digits, text), cases[i].equation);
    }
}

static void intervals_and_missing_values(void **state)
{
    char text[64];

    (void)state;
#define SHOWN(kind, a, b) shown(mtp_doc_cell_pair(kind, a, b), 4, text)
    assert_string_equal(SHOWN(MTP_DOC_INTERVAL, 0.05778, 0.0803), "[0.0578, 0.0803]");
    assert_string_equal(SHOWN(MTP_DOC_INTERVAL, 0.1, HUGE_VAL), "[0.1000, inf)");
    assert_string_equal(SHOWN(MTP_DOC_INTERVAL, -HUGE_VAL, 0.5), "(-inf, 0.5000]");
    assert_string_equal(SHOWN(MTP_DOC_INTERVAL_PERCENT, 81.93, 97.68), "[81.9, 97.7]");
    assert_string_equal(SHOWN(MTP_DOC_INTERVAL, nan_value, nan_value), "-");
    assert_string_equal(SHOWN(MTP_DOC_INTERVAL, 0.5, nan_value), "-");
    assert_string_equal(SHOWN(MTP_DOC_P, nan_value, nan_value), "-");
    assert_string_equal(SHOWN(MTP_DOC_ESTIMATE, nan_value, 0.0), "-");
    assert_string_equal(SHOWN(MTP_DOC_EMPTY, 1.0, 1.0), "");
    assert_string_equal(shown(mtp_doc_cell_text("a\tb\n"), 4, text), "a b ");
    assert_string_equal(shown(mtp_doc_cell_text(NULL), 4, text), "");
}

/* --- documents -------------------------------------------------------------------- */

typedef void cell_visitor(const mtp_doc_cell *cell, void *context);

static void visit_cells(const mtp_document *doc, cell_visitor *visit, void *context)
{
    for (size_t i = 0; i < doc->n; i++) {
        const mtp_block *block = &doc->block[i];

        for (size_t j = 0; j < block->n; j++) {
            bool table = block->kind == MTP_BLOCK_TABLE;
            const mtp_doc_cell *cell =
                table ? block->row[j].cell : block->phrase[j].cell;
            size_t n = table ? block->n_columns : block->phrase[j].n;

            for (size_t c = 0; c < n; c++) {
                visit(&cell[c], context);
            }
        }
    }
}

static void build(mtp_document *doc, const sample *s, mtp_arena *arena)
{
    mtp_doc_init(doc, arena);
    if (s->bundle.command == MTP_COMMAND_EFFECTS) {
        mtp_build_effects(doc, &s->bundle);
    } else if (s->bundle.command == MTP_COMMAND_COMPOSITION) {
        mtp_build_composition(doc, &s->bundle);
    } else {
        mtp_build_pool(doc, &s->bundle);
    }
    assert_false(doc->failed);
}

/* The values of a cell that are numbers; a text or empty cell has none. */
static size_t values_of(const mtp_doc_cell *cell)
{
    switch (cell->kind) {
    case MTP_DOC_EMPTY:
    case MTP_DOC_TEXT:
        return 0;
    case MTP_DOC_INTERVAL:
    case MTP_DOC_INTERVAL_PERCENT:
        return 2;
    default:
        return 1;
    }
}

static bool json_holds(json_t *value, double x)
{
    const char *key;
    json_t *item;
    size_t index;

    if (json_is_number(value) && json_number_value(value) == x) {
        return true;
    }
    json_object_foreach(value, key, item)
    {
        if (json_holds(item, x)) {
            return true;
        }
    }
    json_array_foreach(value, index, item)
    {
        if (json_holds(item, x)) {
            return true;
        }
    }
    return false;
}

typedef struct comparison {
    json_t *root;
    size_t numbers;
} comparison;

static void expect_in_json(const mtp_doc_cell *cell, void *context)
{
    comparison *to = context;

    for (size_t i = 0; i < values_of(cell); i++) {
        if (!isnan(cell->value[i])) {
            to->numbers++;
            if (!json_holds(to->root, cell->value[i])) {
                fail_msg("%.17g is in the text alone", cell->value[i]);
            }
        }
    }
}

static void every_number_of_the_text_is_in_the_json(void **state)
{
    static const size_t at_least[N_SAMPLES] = {250, 80, 20, 30, 250, 90};

    (void)state;
    for (size_t i = 0; i < N_SAMPLES; i++) {
        mtp_arena *arena = mtp_arena_new();
        sample *s = samples[i].make(arena);
        mtp_json j = {false, false};
        comparison to = {mtp_json_bundle(&j, &s->bundle), 0};
        mtp_document doc;

        build(&doc, s, arena);
        visit_cells(&doc, expect_in_json, &to);
        assert_true(to.numbers >= at_least[i]);
        json_decref(to.root);
        mtp_arena_free(arena);
    }
}

/* Half a unit of the last digit that is printed. */
static double half_unit(const char *text)
{
    const char *point = strchr(text, '.');
    size_t decimals = point ? strspn(point + 1, "0123456789") : 0;
    const char *exponent = strpbrk(text, "eE");

    return 0.5 * pow(10.0, (exponent ? c_strtod(exponent + 1, NULL) : 0.0) -
                               (double)decimals);
}

static void expect_rounded(const mtp_doc_cell *cell, void *context)
{
    int digits = *(int *)context;
    char text[64];
    const char *at = shown(*cell, digits, text);

    if (cell->kind == MTP_DOC_P || cell->kind == MTP_DOC_P_EQUATION) {
        at += strspn(at, "p= ");
        if (*at == '<') { /* an upper bound */
            assert_true(cell->value[0] < c_strtod(at + 1, NULL));
            return;
        }
    }
    for (size_t i = 0; i < values_of(cell) && strcmp(text, "-") != 0; i++) {
        char number[64] = "";

        at += strspn(at, "[(, ");
        (void)snprintf(number, sizeof number, "%.*s", (int)strcspn(at, ",])"), at);
        if (isfinite(cell->value[i]) &&
            !(fabs(c_strtod(number, NULL) - cell->value[i]) <=
              half_unit(number) + 4.0 * DBL_EPSILON * fabs(cell->value[i]))) {
            fail_msg("%.17g is printed as '%s'", cell->value[i], text);
        }
        at += strlen(number);
    }
}

static void every_number_is_printed_to_the_nearest_digit(void **state)
{
    (void)state;
    for (int digits = 0; digits <= 15; digits++) {
        for (size_t i = 0; i < N_SAMPLES; i++) {
            mtp_arena *arena = mtp_arena_new();
            mtp_document doc;

            build(&doc, samples[i].make(arena), arena);
            visit_cells(&doc, expect_rounded, &digits);
            mtp_arena_free(arena);
        }
    }
}

static void memory_may_run_out_while_a_document_is_built(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_SAMPLES; i++) {
        mtp_arena *arena = mtp_arena_new();
        sample *s = samples[i].make(arena);
        mtp_status status = MTP_E_NOMEM;
        char *text = NULL;
        size_t n = 1;

        for (; status != MTP_OK; n++) {
            mtp_arena_fail_after(n);
            status = mtp_report(&s->bundle, MTP_FORMAT_TEXT, NULL, &text, NULL, NULL);
            assert_true(status == MTP_OK || status == MTP_E_NOMEM);
            assert_true((status == MTP_OK) == (text != NULL));
        }
        mtp_arena_fail_after(0);
        assert_true(n > 2);
        mtp_text_free(text);
        mtp_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_is_shown_by_its_kind),
        cmocka_unit_test(a_p_value_never_becomes_zero),
        cmocka_unit_test(intervals_and_missing_values),
        cmocka_unit_test(every_number_of_the_text_is_in_the_json),
        cmocka_unit_test(every_number_is_printed_to_the_nearest_digit),
        cmocka_unit_test(memory_may_run_out_while_a_document_is_built),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
