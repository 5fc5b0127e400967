/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of groups against categories, approximate and conditional on the margins. */
#include "composition/conditional.h"
#include "composition/margins.h"
#include "composition/work.h"
#include "core/error.h"
#include "core/number.h"

#include <math.h>

/* Below this expected count the chi-square approximation is doubted (Cochran 1954,
 * Biometrics 10:417-451, doi:10.2307/3001616). */
static const double SMALL_EXPECTED = 5.0;

/* The draws that were asked for, or as many as the counts leave time for. */
static size_t affordable_draws(mtp_composition_work *w, const mtp_count_table *table)
{
    size_t asked = w->result->options.draws;
    size_t draws = mtp_conditional_draws(table, asked);

    if (draws == 0 && asked > 0) {
        mtp_note_add(
            &w->notes, MTP_NOTE_NOT_DEFINED, 0,
            "the counts are too large to draw tables with their margins: there "
            "is no test conditional on them");
    } else if (draws < asked) {
        mtp_note_add(&w->notes, MTP_NOTE_EXPECTED_SMALL, 0,
                     "with counts this large, %zu of the %zu random tables were drawn",
                     draws, asked);
    }
    return draws;
}

static mtp_status random_test(mtp_composition_work *w, const mtp_table_law *law,
                              size_t draws, mtp_error *err)
{
    const mtp_composition_options *options = &w->result->options;
    mtp_composition *r = w->result;

    if (mtp_conditional_random(law, options->seed, draws, options->threads, w->arena,
                               &r->exact.p)) {
        return mtp_fail_nomem(err);
    }
    r->exact.method = MTP_EXACT_MONTE_CARLO;
    r->exact.draws = draws;
    r->exact.p_se = sqrt(r->exact.p * (1.0 - r->exact.p) / (double)draws);
    return MTP_OK;
}

/* The conditional test: all tables where they are few enough, else random ones. */
static mtp_status conditional_test(mtp_composition_work *w,
                                   const mtp_count_table *table, mtp_error *err)
{
    const mtp_composition_options *options = &w->result->options;
    mtp_composition *r = w->result;
    mtp_table_law law;
    mtp_status status = mtp_table_law_init(&law, table, w->arena);

    if (!status) {
        status =
            mtp_conditional_exact(&law, options->exact_limit, w->arena, &r->exact.p);
        if (!status) {
            r->exact.method = MTP_EXACT_FULL;
            return MTP_OK;
        }
    }
    if (status == MTP_E_UNSUPPORTED) {
        size_t draws = affordable_draws(w, table);

        return draws > 0 ? random_test(w, &law, draws, err) : MTP_OK;
    }
    return mtp_fail_nomem(err);
}

static void note_small_expected(mtp_composition_work *w, const mtp_count_table *table)
{
    char smallest[MTP_NUMBER_TEXT];
    size_t below = 0;

    for (size_t i = 0; i < table->rows; i++) {
        for (size_t j = 0; j < table->columns; j++) {
            below += table->R[i] * table->C[j] / table->N < SMALL_EXPECTED;
        }
    }
    mtp_number_significant(w->result->expected_min, 2, smallest, sizeof smallest);
    mtp_note_add(&w->notes, MTP_NOTE_EXPECTED_SMALL, 0,
                 "expected counts below 5: %zu of %zu (the smallest is %s): the "
                 "chi-square approximation is doubtful, the test conditional on the "
                 "margins is not",
                 below, table->rows * table->columns, smallest);
}

mtp_status mtp_composition_tests(mtp_composition_work *w, mtp_error *err)
{
    mtp_composition *r = w->result;
    const mtp_count_table *table =
        mtp_count_table_new(w->arena, w->rows, w->columns, w->counts);
    size_t smaller;

    if (!table) {
        return mtp_fail_nomem(err);
    }
    if (table->rows < 2 || table->columns < 2) {
        mtp_note_add(&w->notes, MTP_NOTE_NOT_DEFINED, 0,
                     "the tests need two groups and two categories with events");
        return MTP_OK;
    }
    smaller = table->rows < table->columns ? table->rows : table->columns;
    r->chi_square = mtp_table_chi_square(table);
    r->g = mtp_table_g(table);
    r->expected_min = mtp_table_expected_min(table);
    r->cramers_v = sqrt(r->chi_square.statistic / table->N / (double)(smaller - 1));
    if (r->expected_min >= SMALL_EXPECTED) {
        return MTP_OK;
    }
    note_small_expected(w, table);
    return conditional_test(w, table, err);
}
