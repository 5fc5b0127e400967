/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The starts of the search, and the quadrature that it rests on. */
#include "bias/selection_fit.h"
#include "core/error.h"

#include <math.h>
#include <string.h>

enum { STARTS = 6, LEVEL_MAX = 6 };

/* A log A_i has settled when halving the panels changes it by less, of 1 or itself. */
static const double SETTLED = 1e-13;

static const double LOG_2 = 0.693147180559945309417232121458;

static const double BETA_STARTS[STARTS][2] = {{1.0, 1.0}, {0.5, 1.5}, {0.05, 2.0},
                                              {0.2, 4.0}, {1.5, 0.7}, {1.0, 2.5}};
static const double SLOPE_STARTS[STARTS] = {0.0, 0.5, 2.0, 6.0, 20.0, 60.0};
static const double LOG_STARTS[STARTS] = {0.0, -1.0, -2.0, -4.0, 1.0, 2.0};

static mtp_status make_bounds(mtp_selection_fit *f)
{
    const mtp_selection_options *o = &f->result->options;
    size_t n = f->problem.n, p = f->p;

    f->lower = MTP_ARENA_ARRAY(f->arena, n, double);
    f->upper = MTP_ARENA_ARRAY(f->arena, n, double);
    if (!f->lower || !f->upper) {
        return mtp_fail_nomem(f->err);
    }
    for (size_t j = 0; j < n; j++) {
        bool weight = j > p && o->type != MTP_SELECTION_STEP;

        f->lower[j] = weight || j == p ? 0.0 : -(double)INFINITY;
        f->upper[j] = weight ? o->delta_max : (double)INFINITY;
        if (weight && o->n_delta > 0) {
            f->lower[j] = f->upper[j] = o->delta[j - p - 1];
        }
    }
    f->upper[p] = 0.0; /* of the common model, which comes first */
    return MTP_OK;
}

static void fill_start(const mtp_selection_fit *f, int number, double tau2,
                       double start[])
{
    size_t p = f->p;

    memcpy(start, f->gamma, p * sizeof *start);
    start[p] = tau2;
    for (size_t a = 0; a < f->problem.rule.q; a++) {
        size_t j = p + 1 + a;

        if (f->problem.rule.type == MTP_SELECTION_STEP) {
            start[j] = LOG_STARTS[number];
        } else {
            start[j] = f->problem.rule.type == MTP_SELECTION_BETA
                           ? BETA_STARTS[number][a]
                           : SLOPE_STARTS[number];
            start[j] = fmin(fmax(start[j], f->lower[j]), f->upper[j]);
        }
    }
}

/* Whether the log A_i at the optimum stay with another grid, which is left in place. */
static bool stays_with(mtp_selection_fit *f, mtp_climb *s,
                       const mtp_selection_grid *grid, double before[])
{
    bool stays = true;

    s->evaluations += 2;
    mtp_selection_evaluate(&f->problem, s->best, &s->at);
    memcpy(before, f->problem.log_a, f->k * sizeof *before);
    f->problem.grid = *grid;
    mtp_selection_evaluate(&f->problem, s->best, &s->next);
    for (size_t i = 0; i < f->k; i++) {
        stays = stays && fabs(before[i] - f->problem.log_a[i]) <=
                             SETTLED * fmax(1.0, fabs(before[i]));
    }
    return stays;
}

/* Halve the panels until no A_i changes at the optimum, which moves with them; the last
 * halving stays. */
static mtp_status settle(mtp_selection_fit *f, mtp_climb *s)
{
    double *before = MTP_ARENA_ARRAY(s->arena, f->k, double);
    int level = 0;

    if (!before) {
        return mtp_fail_nomem(f->err);
    }
    while (f->problem.grid.n_nodes > 0 && isfinite(s->best_loglik)) {
        mtp_selection_grid finer;
        bool stays;

        if (!mtp_selection_grid_make(&f->problem.rule, ++level, s->arena, &finer)) {
            return mtp_fail_nomem(f->err);
        }
        stays = stays_with(f, s, &finer, before);
        mtp_climb_again(s);
        if (stays) {
            return MTP_OK;
        }
        if (level > LEVEL_MAX) {
            return mtp_fail(f->err, MTP_E_NOCONV,
                            "the integrals of the weights do not settle");
        }
    }
    return MTP_OK;
}

static mtp_status fail_without_maximum(const mtp_selection_fit *f)
{
    return mtp_fail(f->err, MTP_E_NOCONV,
                    "the likelihood of the selection model has no finite maximum that "
                    "the search could find");
}

/* All starts with these values of tau2, and `also` unless NULL, on the coarsest grid.
 */
static mtp_status search_from(mtp_selection_fit *f, mtp_climb *s, size_t n_tau2,
                              const double tau2[], const double also[])
{
    double *start = MTP_ARENA_ARRAY(s->arena, f->problem.n, double);
    bool fixed = f->result->options.n_delta > 0 || f->problem.rule.q == 0;

    if (!start ||
        !mtp_selection_grid_make(&f->problem.rule, 0, s->arena, &f->problem.grid)) {
        return mtp_fail_nomem(f->err);
    }
    for (int number = 0; number < (fixed ? 1 : STARTS); number++) {
        for (size_t t = 0; t < n_tau2; t++) {
            fill_start(f, number, tau2[t], start);
            mtp_climb_from(s, start);
        }
    }
    if (also) {
        mtp_climb_from(s, also);
    }
    return settle(f, s);
}

/* Densities of y are those of y / 2^unit divided by it. */
static double in_unit_of_y(const mtp_selection_fit *f, double loglik)
{
    return loglik - (double)f->k * f->unit * LOG_2;
}

/* What the search ended with. */
static mtp_status take(mtp_selection_fit *f, mtp_climb *s)
{
    mtp_selection_result *result = f->result;

    if (!isfinite(s->best_loglik)) {
        return fail_without_maximum(f);
    }
    mtp_selection_evaluate(&f->problem, s->best, &s->at);
    f->theta = s->best;
    f->at = &s->at;
    result->loglik = in_unit_of_y(f, s->at.loglik);
    result->n_modes = s->n_found;
    if (s->endless_loglik > s->best_loglik + 1e-6) {
        mtp_note_add(&f->notes, MTP_NOTE_UNBOUNDED, 0,
                     "the likelihood of the selection model rises above its maximum "
                     "where parameters run away; the figures are of the maximum");
    }
    return MTP_OK;
}

mtp_status mtp_selection_maximize(mtp_selection_fit *f)
{
    mtp_arena *arena = f->arena;
    bool common = f->result->options.tau2 == MTP_TAU2_EE;
    double tau2[] = {0.0, 0.0};
    mtp_climb *s = MTP_ARENA_ARRAY(arena, 2, mtp_climb);
    mtp_climb_function function = {f->problem.n, f->p + 1, &f->problem,
                                   mtp_selection_evaluate};
    mtp_status status = s ? make_bounds(f) : mtp_fail_nomem(f->err);

    if (status != MTP_OK) {
        return status;
    }
    if (!mtp_selection_problem_make(arena, &f->problem) ||
        !mtp_climb_make(&function, f->lower, f->upper, arena, &s[0]) ||
        !mtp_climb_make(&function, f->lower, f->upper, arena, &s[1])) {
        return mtp_fail_nomem(f->err);
    }
    status = search_from(f, &s[0], 1, tau2, NULL);
    f->loglik_common =
        isfinite(s[0].best_loglik) ? in_unit_of_y(f, s[0].best_loglik) : (double)NAN;
    if (status == MTP_OK && !common) {
        f->upper[f->p] = (double)INFINITY;
        tau2[0] = f->tau2;
        tau2[1] = 0.25 + 2.0 * f->tau2;
        status = search_from(f, &s[1], 2, tau2,
                             isfinite(s[0].best_loglik) ? s[0].best : NULL);
    }
    f->result->evaluations = s[0].evaluations + s[1].evaluations;
    return status == MTP_OK ? take(f, &s[common ? 0 : 1]) : status;
}
