/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "models/multilevel_job.h"

#include <math.h>

/* Which group of a level each effect is in, and an effect of each group. */
static void name_groups(const mtp_nested *d, size_t l, size_t first[], size_t group[])
{
    for (size_t g = 0; g < d->level[l].n; g++) {
        size_t from = d->level[l].begin[g], to = d->level[l].begin[g + 1];

        for (size_t below = l + 1; below < d->n_levels; below++) {
            from = d->level[below].begin[from];
            to = d->level[below].begin[to];
        }
        first[g] = d->order[from];
        for (size_t i = from; i < to; i++) {
            group[d->order[i]] = g;
            first[g] = d->order[i] < first[g] ? d->order[i] : first[g];
        }
    }
}

/* Predictions of all levels; *last: how the sums of those around its groups vary. */
static mtp_status add_effects(mtp_nested_job *job, const double **last, mtp_error *err)
{
    mtp_arena *arena = job->made->arena;
    const mtp_nested *d = &job->made->nested;
    const double *above = NULL;

    for (size_t l = 0; l < job->n_levels; l++) {
        mtp_level_effects *to = &job->made->level[l].effects;
        size_t n = d->level[l].n;
        size_t *first = MTP_ARENA_ARRAY(arena, n, size_t);
        size_t *group = MTP_ARENA_ARRAY(arena, job->k, size_t);
        double *estimate = MTP_ARENA_ARRAY(arena, n, double);
        double *se = MTP_ARENA_ARRAY(arena, n, double);
        double *spread = MTP_ARENA_ARRAY(arena, n, double);

        if (!first || !group || !estimate || !se || !spread) {
            return mtp_fail_nomem(err);
        }
        name_groups(d, l, first, group);
        mtp_nested_predict(&job->fit, l, above, spread, estimate, se);
        *to = (mtp_level_effects){n, first, group, estimate, se};
        above = spread;
    }
    *last = above;
    return MTP_OK;
}

/* Whether a column is constant in every group of a level. */
static bool holds_constant(const mtp_nested_job *job, size_t l, size_t column)
{
    const mtp_level_effects *groups = &job->made->level[l].effects;

    for (size_t i = 0; job->x && i < job->k; i++) {
        size_t first = groups->first[groups->group[i]];

        if (job->x[i * job->p + column] != job->x[first * job->p + column]) {
            return false;
        }
    }
    return true;
}

static double df_of(const mtp_nested_job *job, size_t column)
{
    const mtp_multilevel_result *r = &job->made->result;
    double df = r->Q_df;

    if (r->options.df == MTP_LEVEL_DF_NORMAL) {
        return (double)NAN;
    }
    for (size_t l = 0; l < job->n_levels && r->options.df == MTP_LEVEL_DF_CONTAIN;
         l++) {
        if (holds_constant(job, l, column)) {
            df =
                fmin(df, (double)job->made->level[l].effects.n_groups - (double)job->p);
        }
    }
    return fmax(df, 0.0);
}

static mtp_status add_coefficients(mtp_nested_job *job, mtp_error *err)
{
    mtp_multilevel_result *r = &job->made->result;
    mtp_arena *arena = job->made->arena;
    double *beta = MTP_ARENA_ARRAY(arena, job->p, double);
    double *vcov = MTP_ARENA_ARRAY(arena, job->p * job->p, double);
    double *df = MTP_ARENA_ARRAY(arena, job->p, double);

    if (!beta || !vcov || !df ||
        mtp_nested_coefficients(&job->fit, beta, vcov, err) != MTP_OK) {
        return mtp_fail_nomem(err);
    }
    for (size_t j = 0; j < job->p; j++) {
        df[j] = df_of(job, j);
    }
    r->beta = beta;
    r->vcov = vcov;
    r->df = df;
    return MTP_OK;
}

static mtp_status add_each(mtp_nested_job *job, const double spread[], mtp_error *err)
{
    mtp_multilevel_result *r = &job->made->result;
    size_t k = job->k;
    double *room = MTP_ARENA_ARRAY(job->made->arena, 6 * k, double), *fitted;
    mtp_nested_each each;

    if (!room) {
        return mtp_fail_nomem(err);
    }
    each = (mtp_nested_each){room, room + k, room + 2 * k, room + 3 * k, room + 4 * k};
    fitted = room + 5 * k;
    mtp_nested_describe(&job->fit, spread, &each);
    for (size_t i = 0; i < k; i++) {
        fitted[i] = job->yi[i] - each.residual[i];
        each.blup[i] += fitted[i];
    }
    r->fitted = fitted;
    r->residual = each.residual;
    r->hat = each.hat;
    r->weight = each.weight;
    r->blup = each.blup;
    r->blup_se = each.blup_se;
    return MTP_OK;
}

static void note_level(mtp_nested_job *job, size_t l)
{
    const mtp_variance_component *level = &job->made->level[l];
    size_t groups = level->effects.n_groups;

    if (level->confounded && groups == 1) {
        mtp_note_add(&job->notes, MTP_NOTE_LEVEL_CONFOUNDED, 0,
                     "%s is the same for all effects: its variance cannot be told from "
                     "the mean and is taken as 0",
                     level->name);
    } else if (level->confounded) {
        mtp_note_add(&job->notes, MTP_NOTE_LEVEL_CONFOUNDED, 0,
                     "the moderators tell all %zu groups of %s apart: nothing is left "
                     "to estimate its variance from, which is taken as 0",
                     groups, level->name);
    } else if (!level->given && !(level->sigma2 > 0.0)) {
        mtp_note_add(&job->notes, MTP_NOTE_TAU2_ZERO, 0,
                     "the variance between groups of %s is estimated as 0",
                     level->name);
    }
    if (level->ci_status == MTP_SET_OK && isinf(level->ci[1])) {
        mtp_note_add(&job->notes, MTP_NOTE_UNBOUNDED, 0,
                     "the interval of the variance of %s has no upper end",
                     level->name);
    }
}

static mtp_status add_notes(mtp_nested_job *job, mtp_error *err)
{
    mtp_multilevel_result *r = &job->made->result;
    const mtp_variance_component *last = &job->made->level[job->n_levels - 1];

    for (size_t l = 0; l < job->n_levels; l++) {
        note_level(job, l);
    }
    if (last->effects.n_groups < job->k) {
        mtp_note_add(&job->notes, MTP_NOTE_NO_EFFECT_LEVEL, 0,
                     "effects of the same %s are taken to differ by sampling alone; a "
                     "level below, with a group for each effect, would let their true "
                     "values differ",
                     last->name);
    }
    if (r->n_modes > 1) {
        mtp_note_add(&job->notes, MTP_NOTE_MULTIPLE_MODES, 0,
                     "the likelihood of the variances of the levels has %zu local "
                     "maxima; the highest is reported",
                     r->n_modes);
    }
    r->notes = mtp_note_list_done(&job->notes);
    return job->notes.failed ? mtp_fail_nomem(err) : MTP_OK;
}

mtp_status mtp_nested_job_finish(mtp_nested_job *job, mtp_error *err)
{
    mtp_multilevel_result *r = &job->made->result;
    const double *spread = NULL;
    mtp_status status = add_effects(job, &spread, err);

    r->k = job->k;
    r->p = job->p;
    r->n_levels = job->n_levels;
    r->levels = job->made->level;
    if (status == MTP_OK) {
        status = add_coefficients(job, err);
    }
    if (status == MTP_OK) {
        status = add_each(job, spread, err);
    }
    return status == MTP_OK ? add_notes(job, err) : status;
}
