/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shares and notes of a composition: the handle and its stages. */
#include "composition/margins.h"
#include "composition/work.h"
#include "core/error.h"
#include "core/number.h"
#include "core/owned.h"
#include "effects/interval.h"
#include "num/dist.h"

#include <math.h>
#include <string.h>

/* The handle: the caller sees its first member. */
typedef struct owned_composition {
    mtp_composition result;
    mtp_arena *arena;
} owned_composition;

void mtp_composition_options_init(mtp_composition_options *options, size_t size)
{
    const mtp_composition_options defaults = {
        .size = size,
        .level = 0.95,
        .seed = MTP_DEFAULT_SEED,
        .draws = 100000,
        .exact_limit = 1000000,
        .threads = 1,
    };

    mtp_options_give(options, size, &defaults, sizeof defaults);
}

static mtp_status bad_count(const mtp_composition_work *w, size_t i, size_t j,
                            const char *why, mtp_error *err)
{
    const char *level = w->level ? w->level[i] : NULL;
    char text[MTP_NUMBER_TEXT];

    mtp_number_format(w->counts[i * w->columns + j], text);
    return mtp_fail(err, MTP_E_DATA, "the count %s of '%s'%s%s%s %s", text,
                    w->category[j], level ? " in '" : "", level ? level : "",
                    level ? "'" : "", why);
}

static mtp_status check_counts(const mtp_composition_work *w, mtp_error *err)
{
    double sum = 0.0;

    for (size_t i = 0; i < w->rows; i++) {
        for (size_t j = 0; j < w->columns; j++) {
            double x = w->counts[i * w->columns + j];

            if (!isfinite(x)) {
                return bad_count(w, i, j, "is not a finite number", err);
            }
            if (x < 0.0 || floor(x) != x) {
                return bad_count(w, i, j, "is not a whole number, 0 or more", err);
            }
            sum += x;
        }
    }
    return sum > 0.0 ? MTP_OK
                     : mtp_fail(err, MTP_E_DEGENERATE,
                                "all counts are zero, so there are no shares");
}

static mtp_share share_of(const mtp_composition_work *w, double count, double total)
{
    const double none = (double)NAN;
    mtp_share s = {count, none, {none, none}, {none, none}, none};

    if (total > 0.0) {
        s.share = count / total;
        mtp_wilson_limits(count, total, w->z_wilson, &s.wilson[0], &s.wilson[1]);
        /* Goodman's interval is Wilson's at alpha / categories. */
        mtp_wilson_limits(count, total, w->z_goodman, &s.goodman[0], &s.goodman[1]);
    }
    return s;
}

/* The total: column sums; the residuals stay NaN. */
static mtp_status total_shares(mtp_composition_work *w, mtp_error *err)
{
    mtp_composition_group *total = &w->result->total;
    mtp_share *share = MTP_ARENA_ARRAY(w->arena, w->columns, mtp_share);
    double *sum = mtp_arena_zalloc(w->arena, w->columns, sizeof *sum);

    if (!share || !sum) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < w->rows; i++) {
        for (size_t j = 0; j < w->columns; j++) {
            sum[j] += w->counts[i * w->columns + j];
            total->total += w->counts[i * w->columns + j];
        }
    }
    for (size_t j = 0; j < w->columns; j++) {
        share[j] = share_of(w, sum[j], total->total);
    }
    total->share = share;
    return MTP_OK;
}

static mtp_status one_group(mtp_composition_work *w, size_t i,
                            mtp_composition_group *group, mtp_error *err)
{
    const mtp_composition_group *total = &w->result->total;
    const double *count = w->counts + i * w->columns;
    mtp_share *share = MTP_ARENA_ARRAY(w->arena, w->columns, mtp_share);

    group->level = mtp_arena_strdup(w->arena, w->level[i]);
    if (!share || !group->level) {
        return mtp_fail_nomem(err);
    }
    for (size_t j = 0; j < w->columns; j++) {
        group->total += count[j];
    }
    for (size_t j = 0; j < w->columns; j++) {
        share[j] = share_of(w, count[j], group->total);
        share[j].residual = mtp_adjusted_residual(count[j], group->total,
                                                  total->share[j].count, total->total);
    }
    group->share = share;
    return MTP_OK;
}

static mtp_status group_shares(mtp_composition_work *w, mtp_error *err)
{
    mtp_composition_group *group =
        mtp_arena_zalloc(w->arena, w->rows, sizeof(mtp_composition_group));
    mtp_status status = group ? MTP_OK : mtp_fail_nomem(err);

    for (size_t i = 0; !status && i < w->rows; i++) {
        status = one_group(w, i, &group[i], err);
    }
    if (!status) {
        w->result->group = group;
        w->result->n_groups = w->rows;
    }
    return status;
}

static void note_empty_margins(mtp_composition_work *w)
{
    for (size_t i = 0; i < w->rows; i++) {
        if (w->result->group[i].total == 0.0) {
            mtp_note_add(&w->notes, MTP_NOTE_EMPTY_MARGIN, 0,
                         "group '%s' has no events: its shares do not exist, and the "
                         "tests leave it out",
                         w->level[i]);
        }
    }
    for (size_t j = 0; j < w->columns; j++) {
        if (w->result->total.share[j].count == 0.0) {
            mtp_note_add(&w->notes, MTP_NOTE_EMPTY_MARGIN, 0,
                         "category '%s' has no events: the tests leave it out",
                         w->category[j]);
        }
    }
}

/* What does not exist is NaN until a stage says otherwise. */
static mtp_status prepare(mtp_composition_work *w,
                          const mtp_composition_options *options, mtp_error *err)
{
    const double none = (double)NAN;
    const mtp_test no_test = {
        .statistic = none, .df = none, .df2 = none, .p = none, .log_p = none};
    char **category = MTP_ARENA_ARRAY(w->arena, w->columns, char *);
    double tail = mtp_tail_of_level(options->level);

    if (!category) {
        return mtp_fail_nomem(err);
    }
    for (size_t j = 0; j < w->columns; j++) {
        category[j] = mtp_arena_strdup(w->arena, w->category[j]);
        if (!category[j]) {
            return mtp_fail_nomem(err);
        }
    }
    *w->result = (mtp_composition){.options = *options,
                                   .n_categories = w->columns,
                                   .category = (const char *const *)category,
                                   .chi_square = no_test,
                                   .g = no_test,
                                   .exact = {.p = none, .p_se = none},
                                   .expected_min = none,
                                   .cramers_v = none};
    w->z_wilson = mtp_normal_upper_quantile(tail);
    w->z_goodman = mtp_normal_upper_quantile(tail / (double)w->columns);
    mtp_note_list_init(&w->notes, w->arena);
    return MTP_OK;
}

static mtp_status build(mtp_composition_work *w, const mtp_composition_options *options,
                        bool grouped, mtp_error *err)
{
    mtp_status status = prepare(w, options, err);

    if (!status) {
        status = total_shares(w, err);
    }
    if (!status) {
        mtp_note_add(&w->notes, MTP_NOTE_CRUDE_SHARES, 0,
                     "shares are crude: counts are summed over cohorts, and intervals "
                     "and tests take the counted events as independent");
    }
    if (!status && grouped) {
        status = group_shares(w, err);
        if (!status) {
            note_empty_margins(w);
            status = mtp_composition_tests(w, err);
        }
    }
    if (!status && w->notes.failed) {
        status = mtp_fail_nomem(err);
    }
    w->result->notes = mtp_note_list_done(&w->notes);
    return status;
}

mtp_status mtp_composition_compute(const mtp_composition_options *options,
                                   size_t n_groups, size_t n_categories,
                                   const double counts[], const char *const category[],
                                   const char *const level[], mtp_composition **result,
                                   mtp_error *err)
{
    mtp_composition_options used;
    mtp_composition_work w = {.rows = n_groups ? n_groups : 1,
                              .columns = n_categories,
                              .counts = counts,
                              .category = category,
                              .level = n_groups ? level : NULL};
    owned_composition *own;
    mtp_status status;

    mtp_composition_options_init(&used, sizeof used);
    status = mtp_options_complete(&used, sizeof used, options,
                                  offsetof(mtp_composition_options, level),
                                  "mtp_composition_options_init", err);
    if (status) {
        return status;
    }
    if (!(used.level > 0.0 && used.level < 1.0)) {
        return mtp_fail(err, MTP_E_ARG, "the level must lie between 0 and 1");
    }
    status = check_counts(&w, err);
    if (status) {
        return status;
    }
    w.arena = mtp_arena_new();
    own = w.arena ? MTP_ARENA_NEW(w.arena, owned_composition) : NULL;
    if (!own) {
        mtp_arena_free(w.arena);
        return mtp_fail_nomem(err);
    }
    own->arena = w.arena;
    w.result = &own->result;
    status = build(&w, &used, n_groups > 0, err);
    if (status) {
        mtp_arena_free(w.arena);
        return status;
    }
    *result = &own->result;
    return MTP_OK;
}

void mtp_composition_free(mtp_composition *result)
{
    if (result) {
        mtp_arena_free(((owned_composition *)(void *)result)->arena);
    }
}
