/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/p_uniform.h"

#include "bias/p_uniform_fit.h"
#include "core/error.h"
#include "core/notes.h"
#include "core/owned.h"
#include "models/between.h"
#include "num/dist.h"
#include "tau2/studies.h"

#include <math.h>
#include <string.h>

static const double LOG_2 = 0.693147180559945309417232121458;

void mtp_p_uniform_options_init(mtp_p_uniform_options *options, size_t size)
{
    mtp_p_uniform_options all = {.size = size,
                                 .side = MTP_SELECTION_GREATER,
                                 .alpha = 0.025,
                                 .tau2 = MTP_TAU2_ML,
                                 .level = 0.95};

    mtp_options_give(options, size, &all, sizeof all);
}

static mtp_status take_options(const mtp_p_uniform_options *options,
                               mtp_p_uniform_options *used, mtp_error *err)
{
    mtp_p_uniform_options_init(used, sizeof *used);
    if (options) {
        mtp_options_take(used, sizeof *used, options);
        used->size = sizeof *used;
    }
    if ((options && options->size == 0) ||
        (used->side != MTP_SELECTION_GREATER && used->side != MTP_SELECTION_LESS)) {
        return mtp_fail(err, MTP_E_ARG, "p-uniform* has the sides greater and less");
    }
    if (used->tau2 != MTP_TAU2_ML && used->tau2 != MTP_TAU2_EE) {
        return mtp_fail(err, MTP_E_ARG, "p-uniform* is fitted by ML or EE");
    }
    if (!(used->alpha > 0.0 && used->alpha < 1.0)) {
        return mtp_fail(err, MTP_E_ARG, "alpha is not between 0 and 1");
    }
    if (!(used->level > 0.0 && used->level < 1.0)) {
        return mtp_fail(err, MTP_E_ARG, "a level is above 0 and below 1");
    }
    return MTP_OK;
}

/* The studies by weight, whatever their order was, in their unit, with the sign that
 * makes the side greater. */
static void take_studies(mtp_p_uniform_result *r, const double yi[], const double vi[],
                         const mtp_studies *studies, mtp_p_uniform_study study[],
                         mtp_p_uniform_fit *fit)
{
    int unit = studies->unit;
    double sign = r->options.side == MTP_SELECTION_LESS ? -1.0 : 1.0;
    double z = mtp_normal_upper_quantile(r->options.alpha), gaps = 0.0, v_max = 0.0;
    double k = (double)r->k;

    for (size_t i = 0; i < r->k; i++) {
        mtp_p_uniform_study *s = &study[i];
        size_t row = studies->point[i].index;
        double y = sign * ldexp(yi[row], -unit);

        s->v = ldexp(vi[row], -2 * unit);
        s->critical = z * sqrt(s->v);
        s->direction = y >= s->critical ? 1.0 : -1.0;
        s->gap = fabs(y - s->critical);
        r->k_significant += s->direction > 0.0;
        gaps += s->gap / k;
        v_max = fmax(v_max, s->v);
        fit->mean += y / k;
        fit->reach = fmax(fit->reach, fabs(y));
        fit->spread = fmax(fit->spread, s->gap);
    }
    fit->spread += sqrt(v_max);
    fit->one_side = r->k_significant == r->k ? 1.0 : r->k_significant == 0 ? -1.0 : 0.0;
    fit->limit = fit->one_side != 0.0 && !fit->common ? -k * (log(gaps) + 1.0)
                                                      : -(double)INFINITY;
}

/* Standard errors and the gradient at the maximum. */
static void describe_maximum(mtp_p_uniform_fit *fit, int unit, mtp_p_uniform_result *r)
{
    double at[] = {fit->mu, fit->tau2};
    mtp_climb_point *point = &fit->joint->at;
    const double *H = point->hessian;
    double det, by_mu, by_tau2;

    if (!fit->finite) {
        return;
    }
    mtp_p_uniform_evaluate(fit->studies, at, point);
    by_mu = ldexp(point->gradient[0], -unit);
    by_tau2 = fit->tau2 > 0.0 ? ldexp(point->gradient[1], -2 * unit) : 0.0;
    r->gradient_norm = hypot(by_mu, by_tau2);
    det = H[0] * H[3] - H[1] * H[2];
    if (!(fit->tau2 > 0.0)) {
        r->se = ldexp(sqrt(-1.0 / H[0]), unit);
    } else if (det > 0.0) {
        r->se = ldexp(sqrt(-H[3] / det), unit);
        r->tau2_se = ldexp(sqrt(-H[0] / det), 2 * unit);
    }
}

static void describe(mtp_p_uniform_fit *fit, int unit, mtp_p_uniform_result *r)
{
    bool less = r->options.side == MTP_SELECTION_LESS;

    r->finite = fit->finite;
    r->estimate = ldexp(less ? -fit->mu : fit->mu, unit);
    r->tau2 = ldexp(fit->tau2, 2 * unit);
    r->ci_lower = ldexp(less ? -fit->ends[1] : fit->ends[0], unit);
    r->ci_upper = ldexp(less ? -fit->ends[0] : fit->ends[1], unit);
    r->tau2_lower = ldexp(fit->segments[0][0], 2 * unit);
    r->tau2_upper = ldexp(fit->segments[fit->n_segments - 1][1], 2 * unit);
    /* Densities of y are those of y / 2^unit divided by it. */
    r->loglik = fit->highest - (double)r->k * unit * LOG_2;
    r->test = mtp_test_chisq(fmax(0.0, 2.0 * (fit->highest - fit->null)), 1.0);
    if (!fit->common) {
        r->tau2_test = mtp_test_chisq(fmax(0.0, 2.0 * (fit->highest - fit->zero)), 1.0);
    }
    r->n_modes = fit->n_modes;
    describe_maximum(fit, unit, r);
}

static void add_side_notes(const mtp_p_uniform_fit *fit, const mtp_p_uniform_result *r,
                           mtp_note_list *notes)
{
    if (fit->one_side != 0.0) {
        mtp_note_add(notes, MTP_NOTE_ONE_SIDE, 0,
                     "%s of the %zu studies is significant: p-uniform* has to tell the "
                     "mean from tau2 by the shape of one tail",
                     r->k_significant > 0 ? "every one" : "none", r->k);
    }
    if (!fit->finite) {
        mtp_note_add(notes, MTP_NOTE_NO_FINITE_ESTIMATE, 0,
                     "the likelihood of p-uniform* is highest where the mean goes to "
                     "%sinfinity and tau2 with it: there is no estimate",
                     (fit->one_side > 0.0) == (r->options.side == MTP_SELECTION_GREATER)
                         ? "-"
                         : "");
    } else if (fit->limit >= fit->cut) {
        mtp_note_add(notes, MTP_NOTE_UNBOUNDED, 0,
                     "the intervals of p-uniform* have no end on one side");
    }
}

static mtp_status add_notes(const mtp_p_uniform_fit *fit, mtp_p_uniform_result *r,
                            mtp_error *err)
{
    mtp_note_list notes;

    mtp_note_list_init(&notes, mtp_owned_arena(r));
    if (!fit->common && r->tau2 <= 0.0) {
        mtp_note_add(&notes, MTP_NOTE_TAU2_ZERO, 0,
                     "tau2 of p-uniform* is 0: the likelihood falls from there");
    }
    if (fit->finite && r->n_modes > 1) {
        mtp_note_add(&notes, MTP_NOTE_MULTIPLE_MODES, 0,
                     "the likelihood of p-uniform* has %zu maxima; the figures are of "
                     "the highest",
                     r->n_modes);
    }
    if (fit->n_segments > 1) {
        mtp_note_add(&notes, MTP_NOTE_INTERVAL_UNION, 0,
                     "the set of tau2 of p-uniform* is a union of %zu intervals; the "
                     "limits are its ends",
                     fit->n_segments);
    }
    add_side_notes(fit, r, &notes);
    r->notes = mtp_note_list_done(&notes);
    return notes.failed ? mtp_fail_nomem(err) : MTP_OK;
}

static mtp_status compute(const double yi[], const double vi[], mtp_p_uniform_result *r,
                          mtp_error *err)
{
    mtp_study_point *point = MTP_ARENA_ARRAY(mtp_owned_arena(r), r->k, mtp_study_point);
    mtp_p_uniform_study *study =
        MTP_ARENA_ARRAY(mtp_owned_arena(r), r->k, mtp_p_uniform_study);
    mtp_p_uniform_studies all = {r->k, study};
    mtp_p_uniform_fit fit = {.studies = &all,
                             .common = r->options.tau2 == MTP_TAU2_EE,
                             .level = r->options.level,
                             .arena = mtp_owned_arena(r)};
    mtp_study_block block;
    mtp_studies studies;
    mtp_status status;

    if (!point || !study) {
        return mtp_fail_nomem(err);
    }
    status = mtp_studies_prepare(r->k, yi, vi, 1, NULL, point, &block, &studies, err);
    if (status != MTP_OK) {
        return status;
    }
    fit.v_min = studies.v_min;
    take_studies(r, yi, vi, &studies, study, &fit);
    status = mtp_p_uniform_maximize(&fit, err);
    if (status != MTP_OK) {
        return status;
    }
    describe(&fit, studies.unit, r);
    return add_notes(&fit, r, err);
}

mtp_status mtp_p_uniform(size_t k, const double yi[], const double vi[],
                         const mtp_p_uniform_options *options,
                         mtp_p_uniform_result **result, mtp_error *err)
{
    mtp_p_uniform_options used;
    mtp_status status = take_options(options, &used, err);
    mtp_p_uniform_result *r;

    if (status == MTP_OK && k < 2) {
        status = mtp_fail(err, MTP_E_DEGENERATE, "p-uniform* needs at least 2 studies");
    }
    if (status != MTP_OK) {
        return status;
    }
    r = MTP_OWNED_NEW(mtp_p_uniform_result);
    if (!r) {
        return mtp_fail_nomem(err);
    }
    *r = (mtp_p_uniform_result){.k = k,
                                .se = (double)NAN,
                                .tau2_se = (double)NAN,
                                .tau2_test = mtp_test_missing(),
                                .gradient_norm = (double)NAN,
                                .options = used};
    status = compute(yi, vi, r, err);
    if (status == MTP_OK) {
        *result = r;
    } else {
        mtp_owned_free(r);
    }
    return status;
}

void mtp_p_uniform_free(mtp_p_uniform_result *result)
{
    mtp_owned_free(result);
}
