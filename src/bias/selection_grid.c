/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pieces of the line of z between the kinks of the weight. */
#include "bias/selection_weight.h"
#include "num/dist.h"

#include <math.h>

enum { POINTS = 16, PANELS_MAX = 160, FLAT_MAX = 2 * MTP_SELECTION_STEPS_MAX + 3 };

/* Beyond this, p or 1 - p is nothing in doubles. */
static const double FAR = 9.0;
static const double PANEL = 2.0;
static const double PI = 3.14159265358979323846264338328;

/* Nodes and weights of Gauss-Legendre quadrature on [-1, 1], by Newton's method on the
 * three-term recurrence: Abramowitz & Stegun (1964), 25.4.29. */
static void gauss_legendre(double x[POINTS], double weight[POINTS])
{
    for (int i = 0; i < POINTS; i++) {
        double at = cos(PI * (i + 0.75) / (POINTS + 0.5)), slope = 1.0;

        for (int steps = 0; steps < 8; steps++) {
            double before = 1.0, value = at;

            for (int n = 2; n <= POINTS; n++) {
                double next = ((2 * n - 1) * at * value - (n - 1) * before) / n;

                before = value;
                value = next;
            }
            slope = POINTS * (at * value - before) / (at * at - 1.0);
            at -= value / slope;
        }
        x[i] = at;
        weight[i] = 2.0 / ((1.0 - at * at) * slope * slope);
    }
}

/* Pieces as they are laid out from left to right. */
typedef struct layout {
    double lower[FLAT_MAX], upper[FLAT_MAX];
    size_t n_flat;
    double panel[PANELS_MAX][2];
    size_t n_panels;
} layout;

static void add_flat(layout *to, double lower, double upper)
{
    to->lower[to->n_flat] = lower;
    to->upper[to->n_flat++] = upper;
}

static void add_panel(layout *to, double lower, double upper)
{
    to->panel[to->n_panels][0] = lower;
    to->panel[to->n_panels++][1] = upper;
}

/* Panels from a to b. Near 0, where log(1 - p) of two sides has a singularity, their
 * ends grow fourfold from a; mirrored ones are added where wanted. */
static void add_panels(layout *to, double a, double b, bool graded, bool mirrored)
{
    while (a < b) {
        double width = graded ? fmin(3.0 * a, PANEL) : PANEL;
        double end = b - a - width < 0.25 * width ? b : a + width;

        add_panel(to, a, end);
        if (mirrored) {
            add_panel(to, -end, -a);
        }
        a = end;
    }
}

/* z at which a p-value of the rule is p. */
static double z_of(const mtp_selection_rule *rule, double p)
{
    return mtp_normal_upper_quantile(rule->two_sided ? 0.5 * p : p);
}

static void lay_out_steps(const mtp_selection_rule *rule, layout *to)
{
    double above = (double)INFINITY;

    for (size_t j = 0; j < rule->n_steps; j++) {
        double z = z_of(rule, rule->steps[j]);

        add_flat(to, z, above);
        if (rule->two_sided) {
            add_flat(to, -above, -z);
        }
        above = z;
    }
    add_flat(to, rule->two_sided ? -above : -(double)INFINITY, above);
}

static void lay_out_smooth(const mtp_selection_rule *rule, layout *to)
{
    double least = rule->p_censored, far = least > 0.0 ? z_of(rule, least) : FAR;

    add_flat(to, far, (double)INFINITY);
    add_flat(to, -(double)INFINITY, -far);
    if (!rule->two_sided) {
        add_panels(to, -far, far, false, false);
    } else if (least > 0.0) {
        double near = z_of(rule, 1.0 - least);

        add_flat(to, -near, near);
        add_panels(to, near, far, true, true);
    } else {
        add_panels(to, 0.0, far, false, true);
    }
}

/* A z inside a flat piece. */
static double inside(double lower, double upper)
{
    if (isinf(lower)) {
        return isinf(upper) ? 0.0 : upper - 40.0;
    }
    return isinf(upper) ? lower + 40.0 : 0.5 * (lower + upper);
}

static void fill_panels(const layout *from, int level, mtp_selection_grid *grid)
{
    double x[POINTS], weight[POINTS];
    size_t parts = (size_t)1 << level, n = 0;

    gauss_legendre(x, weight);
    for (size_t i = 0; i < from->n_panels; i++) {
        double a = from->panel[i][0];
        double half = 0.5 * (from->panel[i][1] - a) / (double)parts;

        for (size_t part = 0; part < parts; part++) {
            for (int j = 0; j < POINTS; j++) {
                grid->z[n] = a + half * (2.0 * (double)part + 1.0 + x[j]);
                grid->width[n++] = half * weight[j];
            }
        }
    }
}

bool mtp_selection_grid_make(const mtp_selection_rule *rule, int level,
                             mtp_arena *arena, mtp_selection_grid *grid)
{
    layout pieces;
    size_t n;

    pieces.n_flat = pieces.n_panels = 0;
    (rule->type == MTP_SELECTION_STEP ? lay_out_steps : lay_out_smooth)(rule, &pieces);
    *grid = (mtp_selection_grid){.n_flat = pieces.n_flat,
                                 .n_nodes = (pieces.n_panels * POINTS) << level};
    n = grid->n_flat + grid->n_nodes;
    grid->lower = MTP_ARENA_ARRAY(arena, grid->n_flat, double);
    grid->upper = MTP_ARENA_ARRAY(arena, grid->n_flat, double);
    grid->z = MTP_ARENA_ARRAY(arena, grid->n_nodes, double);
    grid->width = MTP_ARENA_ARRAY(arena, grid->n_nodes, double);
    grid->w = MTP_ARENA_ARRAY(arena, n, double);
    grid->mass = MTP_ARENA_ARRAY(arena, grid->n_nodes, double);
    grid->u = MTP_ARENA_ARRAY(arena, grid->n_nodes, double);
    grid->density = MTP_ARENA_ARRAY(arena, grid->n_nodes, double);
    if (!grid->lower || !grid->upper || !grid->z || !grid->width || !grid->w ||
        !grid->mass || !grid->u || !grid->density ||
        !mtp_selection_weights_make(n, rule->q, arena, &grid->weights)) {
        return false;
    }
    for (size_t i = 0; i < grid->n_flat; i++) {
        grid->lower[i] = pieces.lower[i];
        grid->upper[i] = pieces.upper[i];
        mtp_selection_weights_enter(
            rule, i, mtp_selection_p_of(rule, inside(grid->lower[i], grid->upper[i])),
            &grid->weights);
    }
    fill_panels(&pieces, level, grid);
    for (size_t i = 0; i < grid->n_nodes; i++) {
        mtp_selection_weights_enter(rule, grid->n_flat + i,
                                    mtp_selection_p_of(rule, grid->z[i]),
                                    &grid->weights);
    }
    return true;
}

void mtp_selection_grid_at(const mtp_selection_rule *rule, const double theta[],
                           mtp_selection_grid *grid)
{
    size_t n = grid->n_flat + grid->n_nodes;

    mtp_selection_weights_at(rule, theta, &grid->weights);
    grid->log_scale = -(double)INFINITY;
    for (size_t i = 0; i < n; i++) {
        grid->log_scale = fmax(grid->log_scale, grid->weights.log_w[i]);
    }
    for (size_t i = 0; i < n; i++) {
        grid->w[i] = exp(grid->weights.log_w[i] - grid->log_scale);
    }
    for (size_t i = 0; i < grid->n_nodes; i++) {
        grid->mass[i] = grid->width[i] * grid->w[grid->n_flat + i];
    }
}
