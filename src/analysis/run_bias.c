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
    mtp_pet_peese_free(owned->pet_peese);
    mtp_trim_fill_free(owned->trim_fill);
    mtp_excess_free(owned->excess);
    mtp_selection_free(owned->selection);
    for (int w = 0; w <= MTP_VEVEA_WOODS_COUNT; w++) {
        mtp_selection_free(owned->weighted[w]);
    }
    mtp_lfk_free(owned->lfk);
    mtp_p_curve_free(owned->p_curve);
    mtp_p_uniform_free(owned->p_uniform);
    mtp_copas_free(owned->copas);
}

/* The row of a study; a study that was filled in has none. */
static size_t row_of(const mtp_run_context *run, size_t study)
{
    return study > 0 && study <= run->binding.k ? run->binding.row[study - 1] + 1 : 0;
}

mtp_status mtp_bias_settle(mtp_run_context *run, mtp_status status,
                           const mtp_error *problem, const char *what,
                           const char **reason)
{
    bool no_answer = status == MTP_E_DATA || status == MTP_E_DEGENERATE ||
                     status == MTP_E_NOCONV || status == MTP_E_UNSUPPORTED;
    size_t study = no_answer ? problem->line : 0;
    const char *text;

    if (status == MTP_OK) {
        run->owner->bias.analysis.answered = true;
        return MTP_OK;
    }
    if (!no_answer) {
        *run->err = *problem;
        return status;
    }
    text = mtp_arena_strdup(run->owner->arena, problem->message);
    if (!text) {
        return mtp_fail_nomem(run->err);
    }
    mtp_note_add(&run->notes, MTP_NOTE_NO_ANSWER, row_of(run, study),
                 "%s has no answer: %s", what, text);
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

static void add_note(mtp_run_context *run, const char *what, const mtp_note *note)
{
    size_t row = row_of(run, note->row);

    if (what) {
        mtp_note_add(&run->notes, note->code, row, "%s: %s", what, note->text);
    } else if (!is_said(&run->notes, note, row)) {
        mtp_note_add(&run->notes, note->code, row, "%s", note->text);
    }
}

void mtp_bias_add_notes(mtp_run_context *run, const char *what, const mtp_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++) {
        add_note(run, what, &notes->item[i]);
    }
}

/* Notes on predictions, intervals of tau2 and criteria, which are not shown. */
static bool is_shown(mtp_note_code code)
{
    return code != MTP_NOTE_NOT_DEFINED && code != MTP_NOTE_PI_UNDEFINED &&
           code != MTP_NOTE_PI_INSIDE_CI && code != MTP_NOTE_INTERVAL_EXCLUDES;
}

void mtp_bias_add_pool_notes(mtp_run_context *run, const char *what,
                             const mtp_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++) {
        if (is_shown(notes->item[i].code)) {
            add_note(run, what, &notes->item[i]);
        }
    }
}

void mtp_bias_unshift(const mtp_run_context *run, mtp_coefficient *c)
{
    double null = run->owner->bias.analysis.null_value;

    if (isnan(null)) { /* and what is tested against 0 is tested for nothing */
        c->statistic = c->p = c->log_p = (double)NAN;
    } else {
        c->estimate += null;
        c->ci_lower += null;
        c->ci_upper += null;
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

static mtp_bias_estimate pooled_mean(const char *id, const char *label,
                                     const mtp_pooled *pooled)
{
    const mtp_estimate *e = &pooled->random;
    const mtp_interval *ci = &e->ci;

    return (mtp_bias_estimate){
        .id = id,
        .label = label,
        .value = {NULL, e->estimate, ci->se, ci->statistic, ci->df, ci->p, ci->log_p,
                  ci->lower, ci->upper},
        .back = {e->back.estimate, e->back.ci_lower, e->back.ci_upper}};
}

static const char *pooled_label(const mtp_run_context *run)
{
    return run->settings.pool.tau2 == MTP_TAU2_EE ? "as pooled, common effect"
                                                  : "as pooled, random effects";
}

void mtp_bias_test_mean(const mtp_run_context *run, mtp_coefficient *c)
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
    mtp_bias_test_mean(run, &e->value);
    return true;
}

enum { FURTHER_MEANS = 16 };

/* The means side by side, as they are added. */
typedef struct means {
    size_t n;
    mtp_bias_estimate *item;
} means;

static void add_mean(means *m, const char *id, const char *label, mtp_coefficient value,
                     mtp_bias_natural back)
{
    m->item[m->n++] =
        (mtp_bias_estimate){.id = id, .label = label, .value = value, .back = back};
}

static void add_pet_peese(const mtp_run_context *run, means *m)
{
    const mtp_bias_pet_peese *p = run->owner->bias.analysis.pet_peese;

    if (!p) {
        return;
    }
    add_mean(m, "pet", "PET", p->fit.pet.estimate, p->pet);
    add_mean(m, "peese", "PEESE", p->fit.peese.estimate, p->peese);
    if (p->conditional) {
        add_mean(m, "pet_peese",
                 p->fit.peese_chosen ? "PET-PEESE: PEESE" : "PET-PEESE: PET",
                 p->fit.estimate, p->fit.peese_chosen ? p->peese : p->pet);
    }
}

static void add_selections(const mtp_bias_analysis *a, means *m)
{
    if (a->selection) {
        add_mean(m, a->selection->id, a->selection->label, a->selection->mean,
                 a->selection->back);
    }
    for (size_t i = 0; i < a->n_weighted; i++) {
        const mtp_bias_selection *w = &a->weighted[i];

        add_mean(m, w->id, w->label, w->mean, w->back);
    }
}

/* The means side by side. */
static mtp_status list_estimates(mtp_run_context *run)
{
    mtp_bias_analysis *a = &run->owner->bias.analysis;
    mtp_arena *arena = run->owner->arena;
    means m = {0,
               MTP_ARENA_ARRAY(arena, a->n_tests + FURTHER_MEANS, mtp_bias_estimate)};

    if (!m.item) {
        return mtp_fail_nomem(run->err);
    }
    m.item[m.n++] =
        pooled_mean("pooled", pooled_label(run), &run->owner->pool->overall);
    for (size_t i = 0; i < a->n_tests; i++) {
        m.n += limit_of(run, &a->tests[i], &m.item[m.n]);
    }
    add_pet_peese(run, &m);
    if (a->trim_fill) {
        m.item[m.n++] =
            pooled_mean("trim_fill", "trim and fill", &a->trim_fill->pooled->overall);
    }
    add_selections(a, &m);
    if (a->p_uniform && a->p_uniform->result->finite) {
        add_mean(&m, "p_uniform", "p-uniform*", a->p_uniform->mean, a->p_uniform->back);
    }
    if (a->copas && a->copas->result->adjusted) {
        m.item[m.n++] = a->copas->adjusted;
    }
    for (size_t i = 0; i < m.n; i++) {
        if (!m.item[i].id || !m.item[i].label) {
            return mtp_fail_nomem(run->err);
        }
    }
    a->n_estimates = m.n;
    a->estimates = m.item;
    return MTP_OK;
}

/* What depends on the hypothesis: null_value, the differences from it, the side of it
 * on which the mean is. */
static mtp_status shift_effects(mtp_run_context *run)
{
    mtp_bias_owned *owned = &run->owner->bias;
    const mtp_effects *effects = run->owner->effects;
    double null = run->owner->pool->overall.random.null_value,
           mean = run->owner->pool->overall.random.estimate;
    double *shifted = MTP_ARENA_ARRAY(run->owner->arena, effects->k, double);

    if (!shifted) {
        return mtp_fail_nomem(run->err);
    }
    for (size_t i = 0; i < effects->k; i++) {
        shifted[i] = isnan(null) ? effects->yi[i] : effects->yi[i] - null;
    }
    owned->shifted = shifted;
    owned->analysis.null_value = null;
    if (!run->settings.bias.side_given && mean < (isnan(null) ? 0.0 : null)) {
        run->settings.bias.side = MTP_SELECTION_LESS;
    }
    return MTP_OK;
}

/* Under --all, what cannot be done is said and left out. */
static void note_hypothesis(mtp_run_context *run)
{
    if (run->settings.bias.all && !run->settings.bias.hypothesis) {
        mtp_note_add(
            &run->notes, MTP_NOTE_METHOD_SELECTED, 0,
            "no %s stands for no effect, so what is made of the studies' "
            "p-values is left out, and so is the choice between PET and PEESE; "
            "--null names one",
            run->settings.measure->natural);
    }
}

mtp_status mtp_run_bias(mtp_run_context *run)
{
    static mtp_status (*const step[])(mtp_run_context *) = {
        shift_effects,          mtp_bias_tests,     mtp_bias_pet_and_peese,
        mtp_bias_trim_and_fill, mtp_bias_failsafes, mtp_bias_excess,
        mtp_bias_selections,    mtp_bias_lfk_index, mtp_bias_p_values,
        mtp_bias_copas_path,    list_estimates};
    mtp_status status = MTP_OK;

    mtp_bias_add_pool_notes(run, NULL, &run->owner->pool->notes);
    note_hypothesis(run);
    for (size_t i = 0; i < sizeof step / sizeof *step && status == MTP_OK; i++) {
        status = step[i](run);
    }
    run->owner->bundle.bias = &run->owner->bias.analysis;
    return status;
}
