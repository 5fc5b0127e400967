/* SPDX-License-Identifier: GPL-3.0-or-later */
/* L7: counts of patients and events. */
#include "core/number.h"
#include "lint/work.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double value(const mtp_lint_work *w, mtp_role role, size_t row)
{
    return mtp_lint_value(w, role, row);
}

static const struct {
    mtp_role events, n;
} pairs[] = {{MTP_ROLE_EVENTS, MTP_ROLE_N},
             {MTP_ROLE_EVENTS1, MTP_ROLE_N1},
             {MTP_ROLE_EVENTS2, MTP_ROLE_N2}};
enum { PAIRS = sizeof pairs / sizeof *pairs };

static void exceeding(mtp_lint_work *w)
{
    for (size_t k = 0; k < PAIRS; k++) {
        if (!mtp_lint_has(w, pairs[k].events) || !mtp_lint_has(w, pairs[k].n)) {
            continue;
        }
        (void)mtp_lint_look(w, MTP_LINT_EVENTS_EXCEED);
        for (size_t i = 0; i < w->rows; i++) {
            double x = value(w, pairs[k].events, i), n = value(w, pairs[k].n, i);

            if (x > n) {
                mtp_lint_add(w, MTP_LINT_EVENTS_EXCEED,
                             mtp_lint_at(w, i, pairs[k].events), "%s events of %s",
                             mtp_number_brief(x, 10).text,
                             mtp_number_brief(n, 10).text);
            }
        }
    }
}

static const mtp_role counts[] = {MTP_ROLE_EVENTS, MTP_ROLE_EVENTS1, MTP_ROLE_EVENTS2,
                                  MTP_ROLE_CELL_A, MTP_ROLE_CELL_B,  MTP_ROLE_CELL_C,
                                  MTP_ROLE_CELL_D, MTP_ROLE_N,       MTP_ROLE_N1,
                                  MTP_ROLE_N2};
enum { COUNTS = sizeof counts / sizeof *counts, EVENTS = 3, CELLS = 7 };

/* What share of how many patients is a whole number of them. */
static const char *as_percent(mtp_lint_work *w, size_t role, size_t row)
{
    double x = value(w, counts[role], row);
    double n = role < EVENTS ? value(w, pairs[role].n, row) : (double)NAN;
    double half = mtp_lint_half_unit(w, counts[role], row);
    double patients = floor(n * x / 100.0 + 0.5);
    const char *text = "";

    if (x < 100.0 && fabs(n * x / 100.0 - patients) <= n * half / 100.0 + 1e-9) {
        text = mtp_arena_printf(w->scratch, "; %s%% of %s patients are %s",
                                MTP_LINT_BRIEF(x), MTP_LINT_BRIEF(n),
                                MTP_LINT_BRIEF(patients));
    }
    w->failed = w->failed || !text;
    return text ? text : "";
}

static void whole_numbers(mtp_lint_work *w)
{
    bool allowed =
        strcmp(mtp_request_value(w->request, MTP_OPT_ALLOW_FRACTIONAL), "true") == 0;

    for (size_t r = 0; r < COUNTS; r++) {
        for (size_t i = 0; mtp_lint_has(w, counts[r]) && i < w->rows; i++) {
            double x = value(w, counts[r], i);

            (void)mtp_lint_look(w, MTP_LINT_NEGATIVE_COUNT);
            if (!allowed) {
                (void)mtp_lint_look(w, MTP_LINT_FRACTIONAL_COUNT);
            }
            if (x < 0.0 || (r >= CELLS && x == 0.0)) {
                mtp_lint_add(w, MTP_LINT_NEGATIVE_COUNT, mtp_lint_at(w, i, counts[r]),
                             "it is %s", MTP_LINT_BRIEF(x));
            } else if (!allowed && x != floor(x) && !isnan(x)) {
                mtp_lint_add(w, MTP_LINT_FRACTIONAL_COUNT, mtp_lint_at(w, i, counts[r]),
                             "it is %s%s", mtp_number_brief(x, 8).text,
                             as_percent(w, r, i));
            }
        }
    }
}

static void times(mtp_lint_work *w)
{
    static const mtp_role roles[] = {MTP_ROLE_TIME, MTP_ROLE_TIME1, MTP_ROLE_TIME2};

    for (size_t r = 0; r < 3; r++) {
        for (size_t i = 0; mtp_lint_has(w, roles[r]) && i < w->rows; i++) {
            (void)mtp_lint_look(w, MTP_LINT_NEGATIVE_COUNT);
            if (value(w, roles[r], i) <= 0.0) {
                mtp_lint_add(w, MTP_LINT_NEGATIVE_COUNT, mtp_lint_at(w, i, roles[r]),
                             "it is %s", MTP_LINT_BRIEF(value(w, roles[r], i)));
            }
        }
    }
}

static bool is_called_percent(const char *name)
{
    return mtp_lint_contains(name, "%") || mtp_lint_contains(name, "percent") ||
           mtp_lint_contains(name, "pct");
}

/* Counts by a name of percentages; or always of 100 patients. */
static void percents(mtp_lint_work *w)
{
    for (size_t k = 0; k < PAIRS; k++) {
        size_t hundreds = 0, all = 0;

        if (!mtp_lint_has(w, pairs[k].events) || !mtp_lint_has(w, pairs[k].n)) {
            continue;
        }
        (void)mtp_lint_look(w, MTP_LINT_PERCENT_COUNT);
        for (size_t i = 0; i < w->rows; i++) {
            all += isnan(value(w, pairs[k].n, i)) ? 0 : 1;
            hundreds += value(w, pairs[k].n, i) == 100.0;
        }
        if (w->role[pairs[k].events].column &&
            is_called_percent(w->role[pairs[k].events].name)) {
            mtp_lint_add(w, MTP_LINT_PERCENT_COUNT,
                         (mtp_lint_place){MTP_LINT_NOWHERE, MTP_LINT_NOWHERE,
                                          w->role[pairs[k].events].name, all},
                         "the column that is to hold events is called percentages");
        } else if (all >= 3 && hundreds == all) {
            mtp_lint_add(w, MTP_LINT_PERCENT_COUNT,
                         (mtp_lint_place){MTP_LINT_NOWHERE, MTP_LINT_NOWHERE,
                                          w->role[pairs[k].n].name, all},
                         "all %zu studies have 100 patients", all);
        }
    }
}

static void double_zeros(mtp_lint_work *w)
{
    mtp_effects_options options;
    mtp_input_kind kind = w->measure->input;

    if (kind != MTP_INPUT_TWO_EVENTS_N && kind != MTP_INPUT_TWO_EVENTS_TIME &&
        kind != MTP_INPUT_PAIRED_CELLS) {
        return;
    }
    (void)mtp_lint_look(w, MTP_LINT_DOUBLE_ZERO);
    mtp_effects_options_init(&options, sizeof options);
    options.measure = w->measure->measure;
    for (size_t i = 0; i < w->rows; i++) {
        mtp_raw one = {.size = sizeof one, .k = 1};
        mtp_role lacking;
        const char *why;

        for (unsigned r = 0; w->used[i] && r < MTP_ROLE_COUNT; r++) {
            one.column[r] = w->role[r].value ? w->role[r].value + i : NULL;
        }
        if (mtp_effects_can_use(options.measure, &one, 0, &lacking) &&
            mtp_effects_is_uninformative(&options, &one, 0, &why)) {
            mtp_lint_add(w, MTP_LINT_DOUBLE_ZERO,
                         (mtp_lint_place){i, MTP_LINT_NOWHERE, NULL, 1}, "%s", why);
        }
    }
}

static void same_n(mtp_lint_work *w)
{
    enum { LEAST = 5, FIRST_N = 7 };

    for (size_t r = FIRST_N; r < COUNTS; r++) {
        double first = (double)NAN;
        size_t n = 0;
        bool same = mtp_lint_has(w, counts[r]);

        for (size_t i = 0; same && i < w->rows; i++) {
            double x = value(w, counts[r], i);

            first = isnan(first) ? x : first;
            same = isnan(x) || x == first;
            n += isnan(x) ? 0 : 1;
        }
        if (n > 0) {
            (void)mtp_lint_look(w, MTP_LINT_SAME_N);
        }
        if (same && n >= LEAST) {
            mtp_lint_add(w, MTP_LINT_SAME_N,
                         (mtp_lint_place){MTP_LINT_NOWHERE, MTP_LINT_NOWHERE,
                                          w->role[counts[r]].name, n},
                         "all %zu are %s", n, mtp_number_brief(first, 10).text);
        }
    }
}

typedef struct labelled {
    const char *label;
    size_t row;
} labelled;

static int by_label(const void *left, const void *right)
{
    const labelled *a = left, *b = right;
    int order = strcmp(a->label, b->label);

    return order ? order : (a->row > b->row) - (a->row < b->row);
}

/* All patients of a row; NaN without a count of them. */
static double patients(const mtp_lint_work *w, size_t row)
{
    double one = value(w, MTP_ROLE_N, row);

    return isnan(one) ? value(w, MTP_ROLE_N1, row) + value(w, MTP_ROLE_N2, row) : one;
}

/* Rows by study; of a study whose patients vary, how. */
static void varying_n(mtp_lint_work *w)
{
    labelled *all = w->label ? MTP_LINT_ARRAY(w, w->rows, labelled) : NULL;
    size_t n = 0;

    for (size_t i = 0; all && i < w->rows; i++) {
        if (*w->label[i] && !isnan(patients(w, i))) {
            all[n++] = (labelled){w->label[i], i};
        }
    }
    if (n < 2) {
        return;
    }
    qsort(all, n, sizeof *all, by_label);
    for (size_t i = 0, next; i < n; i = next) {
        double low = patients(w, all[i].row), high = low;

        for (next = i + 1; next < n && strcmp(all[i].label, all[next].label) == 0;
             next++) {
            low = fmin(low, patients(w, all[next].row));
            high = fmax(high, patients(w, all[next].row));
        }
        if (next > i + 1) {
            (void)mtp_lint_look(w, MTP_LINT_N_VARIES);
        }
        if (low < high) {
            mtp_lint_add(w, MTP_LINT_N_VARIES,
                         (mtp_lint_place){all[i].row, all[i + 1].row, NULL, next - i},
                         "%zu rows, with %s to %s patients", next - i,
                         mtp_number_brief(low, 10).text,
                         mtp_number_brief(high, 10).text);
        }
    }
}

/* The treated groups of two rows are not the same. */
static bool treated_differ(const mtp_lint_work *w, size_t a, size_t b)
{
    static const mtp_role treated[] = {MTP_ROLE_EVENTS1, MTP_ROLE_TIME1, MTP_ROLE_N1,
                                       MTP_ROLE_MEAN1,   MTP_ROLE_SD1,   MTP_ROLE_SE1,
                                       MTP_ROLE_CELL_A,  MTP_ROLE_CELL_B};
    bool differ = false;

    for (size_t r = 0; r < sizeof treated / sizeof *treated; r++) {
        double x = value(w, treated[r], a), y = value(w, treated[r], b);

        differ = differ || (!isnan(x) && x != y);
    }
    return differ;
}

/* One control group beside several treated ones, in rows of one study or author. */
static void shared_controls(mtp_lint_work *w)
{
    static const mtp_role control[] = {MTP_ROLE_EVENTS2, MTP_ROLE_TIME2, MTP_ROLE_N2,
                                       MTP_ROLE_MEAN2,   MTP_ROLE_SD2,   MTP_ROLE_SE2,
                                       MTP_ROLE_CELL_C,  MTP_ROLE_CELL_D};
    mtp_role given[sizeof control / sizeof *control];
    size_t n = mtp_lint_given(w, sizeof control / sizeof *control, control, given), k;
    double least, digits = (double)NAN; /* of this run of equal tuples */
    mtp_lint_tuple *tuple;

    if (n == 0 || !w->label || mtp_request_has(w->request, MTP_OPT_CLUSTER) ||
        mtp_request_has(w->request, MTP_OPT_NESTED) ||
        !mtp_lint_look(w, MTP_LINT_SHARED_CONTROL)) {
        return;
    }
    k = mtp_lint_tuples(w, n, given, &tuple);
    least = 3.0 + mtp_lint_author_pairs(w);
    for (size_t i = 1; i < k && !w->failed; i++) {
        size_t a = tuple[i - 1].row, b = tuple[i].row;
        bool same_study = mtp_lint_same_label(w, a, b);

        if (!mtp_lint_same(&tuple[i - 1], &tuple[i])) {
            digits = (double)NAN;
            continue;
        }
        digits = isnan(digits) ? mtp_lint_surprise(w, given, &tuple[i]) : digits;
        if (treated_differ(w, a, b) &&
            (same_study || (digits >= least && mtp_lint_same_author(w, a, b)))) {
            size_t line = mtp_table_line(w->table, a);

            mtp_lint_add(w, MTP_LINT_SHARED_CONTROL, (mtp_lint_place){b, a, NULL, 1},
                         "%s, as %s %zu, beside another treated group",
                         mtp_lint_tuple_text(w, given, &tuple[i]),
                         line ? "line" : "row", line ? line : a + 1);
        }
    }
}

void mtp_lint_counts(mtp_lint_work *work)
{
    if (!work->measure) {
        return;
    }
    exceeding(work);
    whole_numbers(work);
    times(work);
    percents(work);
    double_zeros(work);
    same_n(work);
    varying_n(work);
    shared_controls(work);
}
