/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the optimum in orthogonal columns to the caller's columns and units. */
#include "bias/selection_fit.h"
#include "core/error.h"
#include "core/number.h"
#include "models/between.h"
#include "models/linear.h"
#include "num/cholesky.h"
#include "num/dist.h"

#include <math.h>

/* The caller's parameters by those of the search: d(beta, tau2, delta) / d(gamma, t,
 * theta) is block diagonal, and this is one row of it, over [n]. */
static void row_of(const mtp_selection_fit *f, size_t j, double row[])
{
    size_t p = f->p;
    bool step = f->problem.rule.type == MTP_SELECTION_STEP;

    for (size_t a = 0; a < f->problem.n; a++) {
        row[a] = 0.0;
    }
    if (j < p) {
        for (size_t c = j; c < p; c++) {
            row[c] = f->sign * ldexp(sqrt((double)f->k), f->unit) *
                     mtp_dd_to(f->x_inv[j * p + c]);
        }
    } else if (j == p) {
        row[p] = ldexp(1.0, 2 * f->unit);
    } else if (step) {
        int a = f->problem.rule.parameter[j - p - 1];

        if (a >= 0) {
            row[p + 1 + (size_t)a] = exp(f->theta[p + 1 + (size_t)a]);
        }
    } else {
        row[j] = 1.0;
    }
}

static bool is_at(double theta, double bound)
{
    return !(theta < bound) && !(theta > bound);
}

/* Name what holds a delta, and the values. */
static mtp_status describe_delta(mtp_selection_fit *f)
{
    const mtp_selection_rule *rule = &f->problem.rule;
    double *delta = MTP_ARENA_ARRAY(f->arena, f->n_delta, double);

    if (!delta) {
        return mtp_fail_nomem(f->err);
    }
    for (size_t j = 0; j < f->n_delta; j++) {
        if (rule->type == MTP_SELECTION_STEP) {
            int a = rule->parameter[j];

            delta[j] =
                a < 0 ? exp(rule->first[j]) : exp(f->theta[f->p + 1 + (size_t)a]);
        } else {
            size_t at = f->p + 1 + j;

            delta[j] = f->theta[at];
            if (f->limit[j] == MTP_SELECTION_FREE && is_at(delta[j], f->lower[at])) {
                f->limit[j] = MTP_SELECTION_AT_LOWER;
            } else if (f->limit[j] == MTP_SELECTION_FREE &&
                       is_at(delta[j], f->upper[at])) {
                f->limit[j] = MTP_SELECTION_AT_UPPER;
            }
        }
    }
    f->result->delta = delta;
    f->result->limit = f->limit;
    return MTP_OK;
}

/* Whether a parameter of the search is in the information; those at limits by wish. */
static bool counts(const mtp_selection_fit *f, size_t j, bool limits)
{
    if (j == f->p) {
        return f->theta[j] > 0.0;
    }
    return f->lower[j] < f->upper[j] && (limits || (!is_at(f->theta[j], f->lower[j]) &&
                                                    !is_at(f->theta[j], f->upper[j])));
}

/* The inverse of the observed information of the parameters that count, over [n * n],
 * 0 elsewhere; false where it is singular. */
static bool invert(const mtp_selection_fit *f, bool limits, size_t index[], double A[],
                   double inverse[], double full[])
{
    size_t n = f->problem.n, count = 0;

    for (size_t j = 0; j < n; j++) {
        if (counts(f, j, limits)) {
            index[count++] = j;
        }
    }
    for (size_t ab = 0; ab < count * count; ab++) {
        A[ab] = -f->at->hessian[index[ab / count] * n + index[ab % count]];
    }
    if (!mtp_cholesky(count, A)) {
        return false;
    }
    mtp_cholesky_inverse(count, A, inverse);
    for (size_t ab = 0; ab < n * n; ab++) {
        full[ab] = 0.0;
    }
    for (size_t ab = 0; ab < count * count; ab++) {
        full[index[ab / count] * n + index[ab % count]] = inverse[ab];
    }
    return true;
}

/* Row a C row b' */
static double form(size_t n, const double a[], const double C[], const double b[])
{
    double sum = 0.0;

    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            sum += a[i] * C[i * n + j] * b[j];
        }
    }
    return sum;
}

static mtp_status describe_covariance(mtp_selection_fit *f)
{
    mtp_arena *arena = f->arena;
    size_t n = f->problem.n, m = f->p + 1 + f->n_delta;
    size_t *index = MTP_ARENA_ARRAY(arena, n, size_t);
    double *room = mtp_arena_alloc(arena, 3 * n, n * sizeof *room);
    double *rows = mtp_arena_alloc(arena, m, n * sizeof *rows);
    double *vcov = mtp_arena_alloc(arena, m, m * sizeof *vcov);
    double *full = room;
    bool done;

    if (!index || !room || !rows || !vcov) {
        return mtp_fail_nomem(f->err);
    }
    done = invert(f, true, index, room + n * n, room + 2 * n * n, full) ||
           invert(f, false, index, room + n * n, room + 2 * n * n, full);
    if (!done) {
        mtp_note_add(
            &f->notes, MTP_NOTE_NOT_DEFINED, 0,
            "the observed information of the selection model is singular: there "
            "are no standard errors");
    }
    for (size_t j = 0; j < m; j++) {
        row_of(f, j, rows + j * n);
    }
    for (size_t ab = 0; ab < m * m; ab++) {
        const double *a = rows + ab / m * n, *b = rows + ab % m * n;

        vcov[ab] = done && form(n, a, full, a) > 0.0 && form(n, b, full, b) > 0.0
                       ? form(n, a, full, b)
                       : (double)NAN;
    }
    f->result->vcov = vcov;
    return MTP_OK;
}

static mtp_status describe_beta(mtp_selection_fit *f)
{
    mtp_selection_result *result = f->result;
    mtp_arena *arena = f->arena;
    size_t p = f->p, n = f->problem.n, m = p + 1 + f->n_delta;
    mtp_coefficient *made = MTP_ARENA_ARRAY(arena, p, mtp_coefficient);
    mtp_dd *beta = MTP_ARENA_ARRAY(arena, p, mtp_dd);
    mtp_dd *cov = mtp_arena_alloc(arena, p, p * sizeof *cov);
    double *row = mtp_arena_zalloc(arena, n, sizeof *row);
    mtp_linear linear = {.p = p,
                         .beta = beta,
                         .cov = cov,
                         .df = (double)NAN,
                         .tail = mtp_tail_of_level(result->options.level),
                         .scratch = arena};

    if (!made || !beta || !cov || !row) {
        return mtp_fail_nomem(f->err);
    }
    for (size_t j = 0; j < p; j++) {
        double sum = 0.0;

        row_of(f, j, row);
        for (size_t c = 0; c < p; c++) {
            sum += row[c] * f->theta[c];
            cov[j * p + c] = mtp_dd_from(result->vcov[j * m + c]);
        }
        beta[j] = mtp_dd_from(sum);
    }
    for (size_t j = 0; j < p; j++) {
        for (size_t c = 0; c < n; c++) {
            row[c] = c == j ? 1.0 : 0.0;
        }
        made[j] = mtp_linear_combination(&linear, NULL, row);
    }
    result->beta = made;
    return MTP_OK;
}

static mtp_status describe_errors(mtp_selection_fit *f)
{
    mtp_selection_result *result = f->result;
    size_t p = f->p, m = p + 1 + f->n_delta;
    double *se = MTP_ARENA_ARRAY(f->arena, f->n_delta, double);

    if (!se) {
        return mtp_fail_nomem(f->err);
    }
    for (size_t j = 0; j < f->n_delta; j++) {
        se[j] = sqrt(result->vcov[(p + 1 + j) * (m + 1)]);
    }
    result->delta_se = se;
    result->tau2 = ldexp(f->theta[p], 2 * f->unit);
    result->tau2_se = sqrt(result->vcov[p * (m + 1)]);
    return MTP_OK;
}

/* The gradient in the caller's parameters: d l / d gamma = J' d l / d beta, so that
 * d l / d beta = J^-T d l / d gamma, by forward substitution in the triangle J. */
static mtp_status describe_gradient(mtp_selection_fit *f)
{
    size_t p = f->p, n = f->problem.n;
    double *rows = mtp_arena_alloc(f->arena, p + 1, n * sizeof *rows);
    double *by = MTP_ARENA_ARRAY(f->arena, n, double), sum = 0.0;

    if (!rows || !by) {
        return mtp_fail_nomem(f->err);
    }
    for (size_t j = 0; j <= p; j++) {
        row_of(f, j, rows + j * n);
    }
    for (size_t j = 0; j < n; j++) {
        by[j] = f->at->gradient[j];
        for (size_t c = 0; j < p && c < j; c++) {
            by[j] -= rows[c * n + j] * by[c];
        }
        if (j <= p) {
            by[j] /= rows[j * n + j];
        } else if (f->problem.rule.type == MTP_SELECTION_STEP) {
            by[j] /= exp(f->theta[j]);
        }
        sum += j < p || counts(f, j, false) ? by[j] * by[j] : 0.0;
    }
    f->result->gradient_norm = sqrt(sum);
    return MTP_OK;
}

static void describe_tests(mtp_selection_fit *f)
{
    mtp_selection_result *result = f->result;
    size_t df = 0;

    for (size_t j = 0; j < f->n_delta; j++) {
        df += f->limit[j] != MTP_SELECTION_GIVEN;
    }
    result->test = result->tau2_test = mtp_test_missing();
    if (df > 0) {
        result->test = mtp_test_chisq(
            fmax(0.0, 2.0 * (result->loglik - result->loglik_null)), (double)df);
    }
    if (result->options.tau2 != MTP_TAU2_EE && !isnan(f->loglik_common)) {
        result->tau2_test =
            mtp_test_chisq(fmax(0.0, 2.0 * (result->loglik - f->loglik_common)), 1.0);
    }
}

static void add_limit_note(mtp_selection_fit *f, size_t j)
{
    const mtp_selection_result *result = f->result;

    if (f->limit[j] == MTP_SELECTION_AT_LOWER ||
        f->limit[j] == MTP_SELECTION_AT_UPPER) {
        mtp_note_add(&f->notes, MTP_NOTE_SELECTION_LIMIT, 0,
                     "delta %zu of the selection model is at its limit %s: the "
                     "likelihood rises beyond it",
                     j + 1, mtp_number_brief(result->delta[j], 6).text);
    } else if (f->limit[j] == MTP_SELECTION_NO_STUDIES) {
        mtp_note_add(
            &f->notes, MTP_NOTE_SELECTION_LIMIT, 0,
            "delta %zu of the selection model is 0: no study has a p-value "
            "above %s and up to %s",
            j + 1, mtp_number_brief(result->options.steps[j - 1], 6).text,
            mtp_number_brief(
                j < result->options.n_steps ? result->options.steps[j] : 1.0, 6)
                .text);
    }
}

static mtp_status add_notes(mtp_selection_fit *f)
{
    mtp_selection_result *result = f->result;

    if (result->options.tau2 != MTP_TAU2_EE && !(result->tau2 > 0.0)) {
        mtp_note_add(
            &f->notes, MTP_NOTE_TAU2_ZERO, 0,
            "tau2 of the selection model is 0: the likelihood falls from there");
    }
    for (size_t j = 0; j < f->n_delta; j++) {
        add_limit_note(f, j);
    }
    if (result->n_modes > 1) {
        mtp_note_add(
            &f->notes, MTP_NOTE_MULTIPLE_MODES, 0,
            "the likelihood of the selection model has %zu maxima; the figures "
            "are of the highest",
            result->n_modes);
    }
    result->notes = mtp_note_list_done(&f->notes);
    return f->notes.failed ? mtp_fail_nomem(f->err) : MTP_OK;
}

mtp_status mtp_selection_describe(mtp_selection_fit *f)
{
    mtp_selection_result *result = f->result;
    mtp_status status = describe_delta(f);

    result->k = f->k;
    result->p = f->p;
    result->n_delta = f->n_delta;
    if (status == MTP_OK) {
        status = describe_covariance(f);
    }
    if (status == MTP_OK) {
        status = describe_beta(f);
    }
    if (status == MTP_OK) {
        status = describe_errors(f);
    }
    if (status == MTP_OK) {
        status = describe_gradient(f);
    }
    if (status != MTP_OK) {
        return status;
    }
    describe_tests(f);
    return add_notes(f);
}
