/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small-study effects: the steps in turn, and the means as they adjust them. */
#include "analysis/bias_steps.h"
#include "core/error.h"
#include "num/dist.h"

#include <math.h>
#include <string.h>

void mtp_bias_owned_free(mtp_bias_owned *owned)
{
    for (int t = 0; t < MTP_ASYMMETRY_COUNT; t++) {
        mtp_asymmetry_free(owned->test[t]);
    }
}

mtp_status mtp_bias_settle(mtp_run_context *run, mtp_status status,
                           const mtp_error *problem, const char *what,
                           const char **reason)
{
    bool no_answer = status == MTP_E_DATA || status == MTP_E_DEGENERATE ||
                     status == MTP_E_NOCONV || status == MTP_E_UNSUPPORTED;
    size_t study = no_answer ? problem->line : 0;
    size_t row = study ? run->binding.row[study - 1] + 1 : 0;
    const char *text;

    if (!no_answer) {
        if (status != MTP_OK) {
            *run->err = *problem;
        }
        return status;
    }
    text = mtp_arena_strdup(run->owner->arena, problem->message);
    if (!text) {
        return mtp_fail_nomem(run->err);
    }
    mtp_note_add(&run->notes, MTP_NOTE_NO_ANSWER, row, "%s has no answer: %s", what,
                 text);
    if (reason) {
        *reason = text;
    }
    return MTP_OK;
}

static bool is_said(const mtp_note_list *said, const mtp_note *note, size_t row)
{
    for (size_t i = 0; i < said->count; i++) {
        if (said->item[i].code == note->code && said->item[i].row == row &&
            strcmp(said->item[i].text, note->text) == 0) {
            return true;
        }
    }
    return false;
}

void mtp_bias_add_notes(mtp_run_context *run, const mtp_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++) {
        const mtp_note *note = &notes->item[i];
        size_t row = note->row ? run->binding.row[note->row - 1] + 1 : 0;

        if (!is_said(&run->notes, note, row)) {
            mtp_note_add(&run->notes, note->code, row, "%s", note->text);
        }
    }
}

/* What concerns the pooled mean, for nothing else of the pooling is shown. */
static void add_pool_notes(mtp_run_context *run)
{
    const mtp_notes *notes = &run->owner->pool->notes;

    for (size_t i = 0; i < notes->count; i++) {
        mtp_note_code code = notes->item[i].code;

        if (code != MTP_NOTE_NOT_DEFINED && code != MTP_NOTE_PI_UNDEFINED &&
            code != MTP_NOTE_PI_INSIDE_CI) {
            mtp_bias_add_notes(run, &(mtp_notes){1, &notes->item[i]});
        }
    }
}

mtp_bias_natural mtp_bias_back(const mtp_run_context *run, const mtp_coefficient *c)
{
    mtp_measure measure = run->settings.measure->measure;
    double n = run->owner->pool->overall.random.back.ft_n;

    return (mtp_bias_natural){mtp_back_transform(measure, c->estimate, n, NULL),
                              mtp_back_transform(measure, c->ci_lower, n, NULL),
                              mtp_back_transform(measure, c->ci_upper, n, NULL)};
}

static mtp_bias_estimate pooled_mean(const mtp_run_context *run)
{
    const mtp_estimate *e = &run->owner->pool->overall.random;
    const mtp_interval *ci = &e->ci;

    return (mtp_bias_estimate){
        .id = "pooled",
        .label = run->settings.pool.tau2 == MTP_TAU2_EE ? "as pooled, common effect"
                                                        : "as pooled, random effects",
        .value = {NULL, e->estimate, ci->se, ci->statistic, ci->df, ci->p, ci->log_p,
                  ci->lower, ci->upper},
        .back = {e->back.estimate, e->back.ci_lower, e->back.ci_upper}};
}

/* The test of an estimate is that of the hypothesis that the mean is tested for; where
 * there is none there is no test. */
static void test_mean(const mtp_run_context *run, mtp_coefficient *c)
{
    double null = run->owner->pool->overall.random.null_value;

    if (null == 0.0) {
        return;
    }
    c->statistic = (c->estimate - null) / c->se;
    c->p = c->log_p = (double)NAN;
    if (!isnan(c->statistic)) {
        mtp_tail tail = mtp_t_two_sided(c->statistic, c->df);

        c->p = tail.p;
        c->log_p = tail.log_p;
    }
}

/* The limit estimate of a test; false where it has none. */
static bool limit_of(const mtp_run_context *run, const mtp_bias_test *test,
                     mtp_bias_estimate *e)
{
    mtp_arena *arena = run->owner->arena;
    const char *id = mtp_asymmetry_id(test->test);

    if (isnan(test->back.estimate)) {
        return false;
    }
    *e = (mtp_bias_estimate){.id = mtp_arena_printf(arena, "limit_%s", id),
                             .label = mtp_arena_printf(arena, "limit of %s", id),
                             .value = test->result->limit,
                             .back = test->back};
    test_mean(run, &e->value);
    return true;
}

/* The means side by side. */
static mtp_status list_estimates(mtp_run_context *run)
{
    mtp_bias_analysis *a = &run->owner->bias.analysis;
    mtp_arena *arena = run->owner->arena;
    mtp_bias_estimate *e = MTP_ARENA_ARRAY(arena, a->n_tests + 1, mtp_bias_estimate);
    size_t n = 0;

    if (!e) {
        return mtp_fail_nomem(run->err);
    }
    e[n++] = pooled_mean(run);
    for (size_t i = 0; i < a->n_tests; i++) {
        n += limit_of(run, &a->tests[i], &e[n]);
    }
    for (size_t i = 0; i < n; i++) {
        if (!e[i].id || !e[i].label) {
            return mtp_fail_nomem(run->err);
        }
    }
    a->n_estimates = n;
    a->estimates = e;
    return MTP_OK;
}

mtp_status mtp_run_bias(mtp_run_context *run)
{
    mtp_status status;

    add_pool_notes(run);
    status = mtp_bias_tests(run);

    if (status == MTP_OK) {
        status = list_estimates(run);
    }
    run->owner->bundle.bias = &run->owner->bias.analysis;
    return status;
}
