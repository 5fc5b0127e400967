/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parameters of the weight: which there are, where they begin, what holds them. */
#include "bias/selection_fit.h"
#include "core/arena.h"
#include "core/error.h"
#include "core/number.h"

#include <math.h>

static const double ONE_SIDED = 0.025, TWO_SIDED = 0.05;

/* Own copies of the steps, or the usual one. */
static mtp_status copy_steps(mtp_selection_fit *f)
{
    mtp_selection_options *o = &f->result->options;
    mtp_selection_rule *rule = &f->problem.rule;
    size_t n = o->n_steps > 0 ? o->n_steps : 1;
    double *own = MTP_ARENA_ARRAY(f->arena, n, double);

    if (!own) {
        return mtp_fail_nomem(f->err);
    }
    own[0] = rule->two_sided ? TWO_SIDED : ONE_SIDED;
    for (size_t j = 0; j < o->n_steps; j++) {
        own[j] = o->steps[j];
    }
    o->steps = rule->steps = own;
    o->n_steps = rule->n_steps = n;
    return MTP_OK;
}

/* Studies by interval of p-values. */
static mtp_status count_studies(mtp_selection_fit *f)
{
    mtp_selection_rule *rule = &f->problem.rule;
    size_t *count = mtp_arena_zalloc(f->arena, f->n_delta, sizeof *count);

    if (!count) {
        return mtp_fail_nomem(f->err);
    }
    for (size_t i = 0; i < f->k; i++) {
        double z = f->sign * f->yi[i] / sqrt(f->vi[i]);

        count[mtp_selection_interval(rule, mtp_selection_p_of(rule, z).p)]++;
    }
    f->result->count = count;
    return MTP_OK;
}

static mtp_status check_counts(mtp_selection_fit *f, const double given[])
{
    const size_t *count = f->result->count;

    for (size_t j = 0; j < f->n_delta; j++) {
        if (given && count[j] > 0 && !(given[j] > 0.0)) {
            return mtp_fail(f->err, MTP_E_DEGENERATE,
                            "interval %zu of p-values has weight 0 and %zu studies",
                            j + 1, count[j]);
        }
    }
    if (!given && count[0] == 0) {
        return mtp_fail(f->err, MTP_E_DEGENERATE,
                        "no study has a p-value up to %s, to which the weights of the "
                        "other intervals are relative",
                        mtp_number_brief(f->problem.rule.steps[0], 6).text);
    }
    return MTP_OK;
}

/* An interval has a parameter where its weight is to be estimated from studies. */
static mtp_status prepare_intervals(mtp_selection_fit *f, const double given[])
{
    mtp_selection_rule *rule = &f->problem.rule;
    double *first = MTP_ARENA_ARRAY(f->arena, f->n_delta, double);
    int *parameter = MTP_ARENA_ARRAY(f->arena, f->n_delta, int);
    const size_t *count = f->result->count;

    if (!first || !parameter) {
        return mtp_fail_nomem(f->err);
    }
    for (size_t j = 0; j < f->n_delta; j++) {
        parameter[j] = -1;
        first[j] = given ? log(given[j]) : 0.0;
        f->limit[j] = MTP_SELECTION_GIVEN;
        if (!given && count[j] == 0) {
            first[j] = -(double)INFINITY;
            f->limit[j] = MTP_SELECTION_NO_STUDIES;
        } else if (!given && j > 0) {
            parameter[j] = (int)rule->q++;
            f->limit[j] = MTP_SELECTION_FREE;
        }
    }
    rule->first = first;
    rule->parameter = parameter;
    return MTP_OK;
}

mtp_status mtp_selection_prepare_rule(mtp_selection_fit *f)
{
    mtp_selection_options *o = &f->result->options;
    mtp_selection_rule *rule = &f->problem.rule;
    const double *given = o->n_delta > 0 ? o->delta : NULL;
    mtp_status status;

    *rule = (mtp_selection_rule){.type = o->type,
                                 .two_sided = o->side == MTP_SELECTION_TWO_SIDED};
    f->sign = o->side == MTP_SELECTION_LESS ? -1.0 : 1.0;
    f->n_delta = o->type == MTP_SELECTION_BETA ? 2 : 1;
    if (o->type == MTP_SELECTION_STEP) {
        status = copy_steps(f);
        if (status != MTP_OK) {
            return status;
        }
        f->n_delta = o->n_steps + 1;
    } else {
        rule->q = f->n_delta;
    }
    if (o->type == MTP_SELECTION_BETA || o->type == MTP_SELECTION_POWER) {
        rule->p_censored = o->p_censored;
    }
    f->limit = MTP_ARENA_ARRAY(f->arena, f->n_delta, mtp_selection_limit);
    if (!f->limit) {
        return mtp_fail_nomem(f->err);
    }
    for (size_t j = 0; j < f->n_delta; j++) {
        f->limit[j] = given ? MTP_SELECTION_GIVEN : MTP_SELECTION_FREE;
    }
    if (o->type != MTP_SELECTION_STEP) {
        return MTP_OK;
    }
    status = count_studies(f);
    status = status == MTP_OK ? check_counts(f, given) : status;
    return status == MTP_OK ? prepare_intervals(f, given) : status;
}
