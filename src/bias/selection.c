/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/selection.h"

#include "bias/selection_fit.h"
#include "core/error.h"
#include "core/owned.h"

#include <math.h>
#include <string.h>

static mtp_status check_steps(const mtp_selection_options *o, mtp_error *err)
{
    if (o->type != MTP_SELECTION_STEP) {
        return o->n_steps == 0
                   ? MTP_OK
                   : mtp_fail(err, MTP_E_ARG, "only the step model has steps");
    }
    if (o->n_steps > MTP_SELECTION_STEPS_MAX) {
        return mtp_fail(err, MTP_E_ARG, "at most %d steps", MTP_SELECTION_STEPS_MAX);
    }
    for (size_t j = 0; j < o->n_steps; j++) {
        if (!(o->steps[j] > (j > 0 ? o->steps[j - 1] : 0.0) && o->steps[j] < 1.0)) {
            return mtp_fail(err, MTP_E_ARG,
                            "steps are p-values above 0 and below 1 that rise");
        }
    }
    return MTP_OK;
}

static mtp_status check_delta(const mtp_selection_options *o, mtp_error *err)
{
    size_t want = o->type == MTP_SELECTION_BETA ? 2 : 1;

    if (o->type == MTP_SELECTION_STEP) {
        want = (o->n_steps > 0 ? o->n_steps : 1) + 1;
    }
    if (o->n_delta > 0 && o->n_delta != want) {
        return mtp_fail(err, MTP_E_ARG, "this selection model has %zu delta, not %zu",
                        want, o->n_delta);
    }
    for (size_t j = 0; j < o->n_delta; j++) {
        if (!(o->delta[j] >= 0.0 && isfinite(o->delta[j]))) {
            return mtp_fail(err, MTP_E_ARG, "a delta is not finite and at least 0");
        }
    }
    return MTP_OK;
}

static mtp_status check_options(const mtp_selection_options *o, mtp_error *err)
{
    mtp_status status;

    if ((unsigned)o->type >= MTP_SELECTION_COUNT ||
        (unsigned)o->side >= MTP_SELECTION_SIDE_COUNT) {
        return mtp_fail(err, MTP_E_ARG, "there is no such selection model or side");
    }
    if (o->tau2 != MTP_TAU2_ML && o->tau2 != MTP_TAU2_EE) {
        return mtp_fail(err, MTP_E_ARG, "a selection model is fitted by ML or EE");
    }
    if (!(o->p_censored >= 1e-15 && o->p_censored <= 0.1)) {
        return mtp_fail(err, MTP_E_ARG, "p-values are censored at 1e-15 to 0.1");
    }
    if (!(o->delta_max >= 1.0 && o->delta_max <= 1000.0)) {
        return mtp_fail(err, MTP_E_ARG, "the limit of delta is between 1 and 1000");
    }
    if (!(o->level > 0.0 && o->level < 1.0)) {
        return mtp_fail(err, MTP_E_ARG, "a level is above 0 and below 1");
    }
    status = check_steps(o, err);
    return status == MTP_OK ? check_delta(o, err) : status;
}

static mtp_status take_options(const mtp_selection_options *given,
                               mtp_selection_options *used, mtp_error *err)
{
    mtp_status status;

    mtp_selection_options_init(used, sizeof *used);
    status = mtp_options_complete(used, sizeof *used, given,
                                  offsetof(mtp_selection_options, type),
                                  "mtp_selection_options_init", err);
    return status == MTP_OK ? check_options(used, err) : status;
}

static mtp_status check_data(const mtp_selection_fit *f)
{
    if (f->p == 0 || (!f->x && f->p != 1)) {
        return mtp_fail(f->err, MTP_E_ARG, "a selection model needs columns");
    }
    if (f->k <= f->p) {
        return mtp_fail(f->err, MTP_E_DEGENERATE,
                        "%zu %s too few for a selection model with %zu coefficient%s",
                        f->k, f->k == 1 ? "study is" : "studies are", f->p,
                        f->p == 1 ? "" : "s");
    }
    for (size_t i = 0; i < f->k; i++) {
        if (!isfinite(f->yi[i])) {
            return mtp_fail_at(f->err, MTP_E_DATA, NULL, i + 1, "yi",
                               "the effect is not finite");
        }
        if (!(f->vi[i] > 0.0 && isfinite(f->vi[i]))) {
            return mtp_fail_at(f->err, MTP_E_DATA, NULL, i + 1, "vi",
                               "the sampling variance is not positive and finite");
        }
    }
    for (size_t i = 0; f->x && i < f->k * f->p; i++) {
        if (!isfinite(f->x[i])) {
            return mtp_fail_at(f->err, MTP_E_DATA, NULL, i / f->p + 1, NULL,
                               "a moderator is not finite");
        }
    }
    return MTP_OK;
}

/* The result keeps deltas that were given. */
static mtp_status copy_delta(mtp_selection_fit *f)
{
    mtp_selection_options *o = &f->result->options;
    double *own = MTP_ARENA_ARRAY(f->arena, o->n_delta, double);

    if (!own) {
        return mtp_fail_nomem(f->err);
    }
    for (size_t j = 0; j < o->n_delta; j++) {
        own[j] = o->delta[j];
    }
    o->delta = o->n_delta > 0 ? own : NULL;
    return MTP_OK;
}

static mtp_status run(mtp_selection_fit *f)
{
    mtp_status status = copy_delta(f);

    if (status == MTP_OK) {
        status = mtp_selection_prepare_rule(f);
    }
    if (status == MTP_OK) {
        status = mtp_selection_prepare_data(f);
    }
    if (status == MTP_OK) {
        status = mtp_selection_maximize(f);
    }
    return status == MTP_OK ? mtp_selection_describe(f) : status;
}

mtp_status mtp_selection(size_t k, const double yi[], const double vi[], size_t p,
                         const double x[], const mtp_selection_options *options,
                         mtp_selection_result **result, mtp_error *err)
{
    mtp_selection_fit f = {.k = k, .p = p, .yi = yi, .vi = vi, .x = x, .err = err};
    mtp_selection_options used;
    mtp_status status = take_options(options, &used, err);

    status = status == MTP_OK ? check_data(&f) : status;
    if (status != MTP_OK) {
        return status;
    }
    f.result = MTP_OWNED_NEW(mtp_selection_result);
    if (!f.result) {
        return mtp_fail_nomem(err);
    }
    f.arena = mtp_owned_arena(f.result);
    f.result->options = used;
    mtp_note_list_init(&f.notes, f.arena);
    status = run(&f);
    if (status == MTP_OK) {
        *result = f.result;
    } else {
        mtp_owned_free(f.result);
    }
    return status;
}

void mtp_selection_free(mtp_selection_result *result)
{
    mtp_owned_free(result);
}
