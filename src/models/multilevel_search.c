/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/multilevel_search.h"

#include <float.h>
#include <math.h>

enum { MAX_STEPS = 200, MAX_HALVINGS = 40, STARTS_MAX = 48 };

/* Points of the grid in all, and for each of one or two variances. */
enum { GRID_POINTS = 768, GRID_FEW = 64, GRID_ALONE = 32, GRID_PAIR = 16 };

/* A derivative within this much of its parts counts as 0: their rounding. */
static const double BOUNDARY = 64.0 * DBL_EPSILON;
/* Steps shorter than this, relative, are no longer judged by the likelihood; what a
 * Newton step shorter than the other leaves is below a last bit. */
static const double NEAR = 1e-6, NEXT_IS_LAST = 1e-9;
/* A gain of the log-likelihood that its rounding hides, relative. */
static const double HIDDEN = 1e-12;

typedef struct direction {
    size_t n; /* variances that move */
    size_t level[MTP_LEVELS_MAX];
    double gradient[MTP_LEVELS_MAX], step[MTP_LEVELS_MAX];
} direction;

static double gradient_of(const mtp_nested_at *at, size_t l)
{
    double difference = at->squares[l] - at->trace[l];

    return fabs(difference) <= BOUNDARY * (at->squares[l] + fabs(at->trace[l]))
               ? 0.0
               : 0.5 * difference;
}

/* The step that solves information * step = gradient over the levels that move. */
static bool solve_step(const double information[], size_t n_levels, direction *to)
{
    double m[MTP_LEVELS_MAX * MTP_LEVELS_MAX];

    for (size_t i = 0; i < to->n; i++) {
        for (size_t j = 0; j <= i; j++) {
            m[i * to->n + j] = information[to->level[i] * n_levels + to->level[j]];
        }
        to->step[i] = to->gradient[i];
    }
    if (!mtp_cholesky(to->n, m)) {
        return false;
    }
    mtp_cholesky_solve(to->n, m, to->step);
    return true;
}

/* Without curvature, as far as doubles the largest variance. */
static void steepest(const mtp_nested_at *at, size_t n_levels, direction *to)
{
    double largest = 0.0, steep = 0.0;

    for (size_t l = 0; l < n_levels; l++) {
        largest = fmax(largest, at->sigma2[l]);
    }
    for (size_t i = 0; i < to->n; i++) {
        steep = fmax(steep, fabs(to->gradient[i]));
    }
    for (size_t i = 0; i < to->n; i++) {
        to->step[i] = to->gradient[i] / steep * (largest > 0.0 ? largest : 1.0);
    }
}

/* Drop the levels that stand at 0 and would step below. */
static bool drop_blocked(const mtp_nested_at *at, direction *to)
{
    size_t n = 0;

    for (size_t i = 0; i < to->n; i++) {
        if (at->sigma2[to->level[i]] > 0.0 || to->step[i] > 0.0) {
            to->level[n] = to->level[i];
            to->gradient[n++] = to->gradient[i];
        }
    }
    if (n == to->n) {
        return false;
    }
    to->n = n;
    return true;
}

/* Where to go from a point whose gradient is known; n = 0: nowhere. */
static void choose_direction(const mtp_nested_problem *problem, const mtp_nested_at *at,
                             direction *to)
{
    size_t L = problem->nested->n_levels;
    double observed[MTP_LEVELS_MAX * MTP_LEVELS_MAX];
    double average[MTP_LEVELS_MAX * MTP_LEVELS_MAX];

    to->n = 0;
    for (size_t l = 0; l < L; l++) {
        double gradient = gradient_of(at, l);

        if (problem->free[l] && (at->sigma2[l] > 0.0 || gradient > 0.0)) {
            to->level[to->n] = l;
            to->gradient[to->n++] = gradient;
        }
    }
    if (to->n == 0) {
        return;
    }
    mtp_nested_information(problem->nested, problem->restricted, at, observed, average);
    do {
        if (!solve_step(observed, L, to) && !solve_step(average, L, to)) {
            steepest(at, L, to);
        }
    } while (drop_blocked(at, to));
}

/* `to` from `at` by a part of the step; how far, relative to the variances. */
static double move(const mtp_nested_at *at, const direction *by, double part,
                   mtp_nested_at *to)
{
    double far = 0.0;

    *to = *at;
    for (size_t i = 0; i < by->n; i++) {
        size_t l = by->level[i];

        to->sigma2[l] = fmax(0.0, at->sigma2[l] + part * by->step[i]);
        far = fmax(far, fabs(to->sigma2[l] - at->sigma2[l]) /
                            fmax(to->sigma2[l], at->sigma2[l]));
    }
    return far;
}

/* Whether the likelihood, of this size, cannot judge a Newton step: what is gained
 * falls with the square of the gradient, which knows the way on. */
static bool is_hidden(const direction *to, double loglik)
{
    double gain = 0.0;

    for (size_t i = 0; i < to->n; i++) {
        gain += 0.5 * to->gradient[i] * to->step[i];
    }
    return gain < HIDDEN * (1.0 + fabs(loglik));
}

double mtp_nested_climb(const mtp_nested_problem *problem, mtp_nested_at *at)
{
    mtp_nested *d = problem->nested;
    double last = (double)INFINITY;

    if (!mtp_nested_value(d, at)) {
        return -(double)INFINITY;
    }
    for (int step = 0; step < MAX_STEPS; step++) {
        double here = mtp_nested_loglik(problem, at), far = 0.0, part = 1.0;
        mtp_nested_at next;
        direction to;
        bool better = false, hidden;

        mtp_nested_gradient(d, problem->restricted, at);
        choose_direction(problem, at, &to);
        hidden = is_hidden(&to, here);
        for (int half = 0; half < MAX_HALVINGS && to.n > 0 && !better; half++) {
            far = move(at, &to, part, &next);
            better = mtp_nested_value(d, &next) &&
                     (hidden || far < NEAR || mtp_nested_loglik(problem, &next) > here);
            last = half > 0 ? (double)INFINITY : last; /* a part says nothing of it */
            part *= 0.5;
        }
        if (!better || !(far > 0.0) || ((hidden || far < NEAR) && far >= 0.5 * last)) {
            mtp_nested_value(d, at); /* what the groups hold belongs to this point */
            break;
        }
        *at = next;
        last = far;
        if (far < NEXT_IS_LAST) {
            break;
        }
    }
    return mtp_nested_loglik(problem, at);
}

/* A grid: 0, then `n - 1` values in equal ratios up to the top, for each level that is
 * free. */
typedef struct grid {
    size_t n, dimensions, size;
    size_t level[MTP_LEVELS_MAX];
    double value[GRID_ALONE];
    double loglik[GRID_POINTS];
} grid;

/* Values for each of so many variances. */
static size_t values_each(size_t dimensions, size_t k)
{
    size_t most = k > MTP_NESTED_MANY ? GRID_FEW : GRID_POINTS, n = GRID_ALONE, size;

    if (dimensions == 0) {
        return 1;
    }
    n = dimensions == 2 ? GRID_PAIR : n;
    do {
        size = 1;
        for (size_t i = 0; i < dimensions; i++) {
            size *= n;
        }
    } while (size > most && --n > 1);
    return n;
}

static void lay_out(const mtp_nested_problem *problem, double range, grid *on)
{
    double top = fmax(range * range, 1.0), low = 1.0;
    size_t steps;

    on->dimensions = 0;
    for (size_t l = 0; l < problem->nested->n_levels; l++) {
        if (problem->free[l]) {
            on->level[on->dimensions++] = l;
        }
    }
    for (size_t i = 0; i < problem->nested->k; i++) {
        low = fmin(low, problem->nested->v[i]);
    }
    low *= 0.01;
    on->n = values_each(on->dimensions, problem->nested->k);
    on->size = 1;
    for (size_t i = 0; i < on->dimensions; i++) {
        on->size *= on->n;
    }
    on->value[0] = 0.0;
    steps = on->n > 2 ? on->n - 2 : 1;
    for (size_t i = 1; i < on->n; i++) {
        on->value[i] =
            low * pow(top / low, on->n > 2 ? (double)(i - 1) / (double)steps : 0.5);
    }
}

static void place(const grid *on, size_t point, const double fixed[], size_t n_levels,
                  mtp_nested_at *at)
{
    for (size_t l = 0; l < n_levels; l++) {
        at->sigma2[l] = fixed[l];
    }
    for (size_t i = 0; i < on->dimensions; i++) {
        at->sigma2[on->level[i]] = on->value[point % on->n];
        point /= on->n;
    }
}

static bool is_local_maximum(const grid *on, size_t point)
{
    size_t stride = 1;

    if (!(on->loglik[point] > -(double)INFINITY)) {
        return false;
    }
    for (size_t i = 0; i < on->dimensions; i++) {
        size_t here = point / stride % on->n;

        if ((here > 0 && on->loglik[point - stride] > on->loglik[point]) ||
            (here + 1 < on->n && on->loglik[point + stride] > on->loglik[point])) {
            return false;
        }
        stride *= on->n;
    }
    return true;
}

static bool same_place(const mtp_nested_at *a, const mtp_nested_at *b, size_t n_levels)
{
    for (size_t l = 0; l < n_levels; l++) {
        double larger = fmax(a->sigma2[l], b->sigma2[l]);

        if (fabs(a->sigma2[l] - b->sigma2[l]) > 1e-5 * larger + 1e-12) {
            return false;
        }
    }
    return true;
}

/* Keep a maximum in order, the highest first, once. */
static size_t keep(const mtp_nested_problem *problem, const mtp_nested_at *made,
                   mtp_nested_at found[MTP_MODES_MAX], size_t n)
{
    size_t at = n;

    for (size_t i = 0; i < n; i++) {
        if (same_place(&found[i], made, problem->nested->n_levels)) {
            return n;
        }
    }
    while (at > 0 && mtp_nested_loglik(problem, &found[at - 1]) <
                         mtp_nested_loglik(problem, made)) {
        if (at < MTP_MODES_MAX) {
            found[at] = found[at - 1];
        }
        at--;
    }
    if (at < MTP_MODES_MAX) {
        found[at] = *made;
    }
    return n < MTP_MODES_MAX ? n + 1 : n;
}

size_t mtp_nested_maxima(const mtp_nested_problem *problem, const double fixed[],
                         double range, mtp_nested_at found[MTP_MODES_MAX])
{
    size_t L = problem->nested->n_levels, n = 0, starts = 0;
    grid on;

    lay_out(problem, range, &on);
    for (size_t point = 0; point < on.size; point++) {
        mtp_nested_at at;

        place(&on, point, fixed, L, &at);
        mtp_nested_value(problem->nested, &at);
        on.loglik[point] = mtp_nested_loglik(problem, &at);
    }
    for (size_t point = 0; point < on.size && starts < STARTS_MAX; point++) {
        mtp_nested_at at;

        if (is_local_maximum(&on, point)) {
            starts++;
            place(&on, point, fixed, L, &at);
            if (mtp_nested_climb(problem, &at) > -(double)INFINITY) {
                n = keep(problem, &at, found, n);
            }
        }
    }
    return n;
}
