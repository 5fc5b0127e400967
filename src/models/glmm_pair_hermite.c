/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/glmm_pair.h"
#include "num/logdd.h"

#include <math.h>

/*
 * Adaptive Gauss-Hermite quadrature of a study's likelihood and its exact derivatives.
 * The nodes follow the mode and the curvature of the integrand, which move with the
 * parameters: numbers are carried with their first and second derivatives (jets of
 * order 2). A jet of the mode comes from its numbers by two steps of Newton's method
 * with the matrix of the numbers, each of which makes one order right.
 *
 * With h = L L' the curvature at the mode, nodes are z = z0 + L'^-1 t.
 * Sources: Pinheiro & Bates (1995), JCGS 4:12-35, doi:10.1080/10618600.1995.10474663;
 * Griewank & Walther (2008), Evaluating derivatives, chapter 13,
 * doi:10.1137/1.9780898717761.
 */

enum { N = MTP_PAIR_PARTS, PAIRS = N * (N + 1) / 2 };

typedef struct jet {
    double v, g[N], h[PAIRS]; /* h: 00, 10, 11, 20, ... */
} jet;

static jet constant(double v)
{
    return (jet){.v = v};
}

/* x a + y b */
static jet combine(double x, const jet *a, double y, const jet *b)
{
    jet c;

    c.v = x * a->v + y * b->v;
    for (int i = 0; i < N; i++) {
        c.g[i] = x * a->g[i] + y * b->g[i];
    }
    for (int i = 0; i < PAIRS; i++) {
        c.h[i] = x * a->h[i] + y * b->h[i];
    }
    return c;
}

static jet times(const jet *a, const jet *b)
{
    jet c;

    c.v = a->v * b->v;
    for (int i = 0, at = 0; i < N; i++) {
        c.g[i] = a->v * b->g[i] + a->g[i] * b->v;
        for (int j = 0; j <= i; j++, at++) {
            c.h[at] = a->v * b->h[at] + a->h[at] * b->v + a->g[i] * b->g[j] +
                      a->g[j] * b->g[i];
        }
    }
    return c;
}

/* f(a), given f and its two derivatives at a->v. */
static jet apply(const jet *a, double f, double f1, double f2)
{
    jet c;

    c.v = f;
    for (int i = 0, at = 0; i < N; i++) {
        c.g[i] = f1 * a->g[i];
        for (int j = 0; j <= i; j++, at++) {
            c.h[at] = f1 * a->h[at] + f2 * a->g[i] * a->g[j];
        }
    }
    return c;
}

static jet root(const jet *a)
{
    double f = sqrt(a->v);

    return apply(a, f, 0.5 / f, -0.25 / (f * a->v));
}

static jet inverse(const jet *a)
{
    double f = 1.0 / a->v;

    return apply(a, f, -f * f, 2.0 * f * f * f);
}

static jet logarithm(const jet *a)
{
    double f = 1.0 / a->v;

    return apply(a, log(a->v), f, -f * f);
}

typedef struct jets {
    mtp_glmm_kind kind;
    const mtp_pair *pair;
    mtp_pair_frame frame;
    jet e[2][2]; /* d eta_j / d z_r */
    jet z[2];    /* mode */
    jet eta[2];  /* there */
    jet l11, l21, l22;
    /* log integrand: flat + line t + t' bend t, and log P_j at eta_j + slope_j t */
    jet flat, line[2], bend[2][2], slope[2][2];
    double left[2]; /* along t, of frame.left */
    jet sum;        /* of the integrand over the nodes, as a part of that at the mode */
} jets;

static void set_eta(jets *s, const double c[2], const double at[N])
{
    const mtp_pair_frame *f = &s->frame;

    for (int j = 0; j < 2; j++) {
        jet fixed = constant(at[MTP_PAIR_A] + c[j] * at[MTP_PAIR_THETA]);

        fixed.g[MTP_PAIR_A] = 1.0;
        fixed.g[MTP_PAIR_THETA] = c[j];
        s->eta[j] = fixed;
        for (int r = 0; r < f->effects; r++) {
            jet product = times(&s->e[j][r], &s->z[r]);

            s->eta[j] = combine(1.0, &s->eta[j], 1.0, &product);
        }
    }
}

/* The derivatives of log P at the mode's predictor. */
static mtp_arm_node at_mode(const jets *s, int j)
{
    mtp_arm_node node;

    mtp_arm_node_at(s->kind, s->pair->arm[j].m, &s->frame.p[j], 0.0, &node);
    return node;
}

/* One step of z = e' S(eta). */
static void improve_mode(jets *s, const double c[2], const double at[N])
{
    const mtp_pair_frame *f = &s->frame;
    jet score[2], left[2];

    set_eta(s, c, at);
    for (int j = 0; j < 2; j++) {
        mtp_arm_node node = at_mode(s, j);

        score[j] = apply(&s->eta[j], node.l1, node.l2, node.l3);
    }
    for (int r = 0; r < f->effects; r++) {
        left[r] = combine(-1.0, &s->z[r], 0.0, &s->z[r]);
        for (int j = 0; j < 2; j++) {
            jet product = times(&s->e[j][r], &score[j]);

            left[r] = combine(1.0, &left[r], 1.0, &product);
        }
        left[r].v = 0.0; /* the number is as good as it gets */
    }
    if (f->effects == 1) {
        s->z[0] = combine(1.0, &s->z[0], 1.0 / f->h[0][0], &left[0]);
    } else {
        double determinant = f->h[0][0] * f->h[1][1] - f->h[0][1] * f->h[0][1];

        for (int r = 0; r < 2; r++) {
            jet step = combine(f->h[1 - r][1 - r] / determinant, &left[r],
                               -f->h[0][1] / determinant, &left[1 - r]);

            s->z[r] = combine(1.0, &s->z[r], 1.0, &step);
        }
    }
}

static void set_mode(jets *s, const double c[2], const double at[N])
{
    const mtp_pair_frame *f = &s->frame;

    for (int r = 0; r < f->effects; r++) {
        int part = f->part[r] == 0 ? MTP_PAIR_SIGMA : MTP_PAIR_TAU;

        for (int j = 0; j < 2; j++) {
            s->e[j][r] = constant(f->e[j][r]);
            s->e[j][r].g[part] = f->e[j][r] / at[part];
        }
        s->z[r] = constant(f->z[r]);
    }
    for (int order = 1; order <= 2 && f->effects > 0; order++) {
        improve_mode(s, c, at);
    }
    set_eta(s, c, at);
}

/* h = 1 + e' w e and its factor. */
static void set_scale(jets *s)
{
    const mtp_pair_frame *f = &s->frame;
    jet w[2], h[2][2];

    for (int j = 0; j < 2; j++) {
        mtp_arm_node node = at_mode(s, j);

        w[j] = apply(&s->eta[j], -node.l2, -node.l3, -node.l4);
    }
    for (int r = 0; r < f->effects; r++) {
        for (int t = 0; t <= r; t++) {
            h[r][t] = constant(r == t ? 1.0 : 0.0);
            for (int j = 0; j < 2; j++) {
                jet product = times(&s->e[j][r], &s->e[j][t]);

                product = times(&product, &w[j]);
                h[r][t] = combine(1.0, &h[r][t], 1.0, &product);
            }
        }
    }
    s->l11 = root(&h[0][0]);
    if (f->effects > 1) {
        jet turned = inverse(&s->l11), square;

        s->l21 = times(&h[1][0], &turned);
        square = times(&s->l21, &s->l21);
        square = combine(1.0, &h[1][1], -1.0, &square);
        s->l22 = root(&square);
    }
}

/* What is linear and quadratic in the nodes' t. */
static void set_nodes(jets *s)
{
    const mtp_pair_frame *f = &s->frame;
    const jet none = constant(0.0);
    /* z_r = z0_r + off[r][0] t_1 + off[r][1] t_2 */
    jet off[2][2] = {{inverse(&s->l11), none}, {none, none}};

    if (f->effects > 1) {
        jet skew = times(&s->l21, &off[0][0]);

        off[1][1] = inverse(&s->l22);
        off[0][1] = times(&skew, &off[1][1]);
        off[0][1] = combine(-1.0, &off[0][1], 0.0, &off[0][1]);
    }
    for (int i = 0; i < f->effects; i++) {
        for (int r = 0; r < f->effects; r++) {
            jet part = times(&s->z[r], &off[r][i]);

            s->line[i] = combine(1.0, &s->line[i], -1.0, &part);
            for (int j = 0; j < 2; j++) {
                part = times(&s->e[j][r], &off[r][i]);
                s->slope[j][i] = combine(1.0, &s->slope[j][i], 1.0, &part);
            }
            for (int t = 0; t <= i; t++) {
                part = times(&off[r][i], &off[r][t]);
                s->bend[i][t] =
                    combine(1.0, &s->bend[i][t], i == t ? -0.5 : -1.0, &part);
            }
        }
        s->left[i] = f->left[0] * off[0][i].v +
                     (f->effects > 1 ? f->left[1] * off[1][i].v : 0.0);
    }
    for (int r = 0; r < f->effects; r++) {
        jet square = times(&s->z[r], &s->z[r]);

        s->flat = combine(1.0, &s->flat, -0.5, &square);
    }
}

/* Adds log P1 + log P2 - |z|^2 / 2 at a node; its number is less that at the mode. */
static void add_node(jets *s, const double t[2], double factor)
{
    int effects = s->frame.effects;
    jet sum = s->flat;
    double number = 0.0, e;

    for (int i = 0; i < effects; i++) {
        sum = combine(1.0, &sum, t[i], &s->line[i]);
        number += t[i] * s->left[i];
        for (int r = 0; r <= i; r++) {
            sum = combine(1.0, &sum, t[i] * t[r], &s->bend[i][r]);
            number += t[i] * t[r] * s->bend[i][r].v;
        }
    }
    for (int j = 0; j < 2; j++) {
        jet eta = s->eta[j], part;
        mtp_arm_node node;

        for (int i = 0; i < effects; i++) {
            eta = combine(1.0, &eta, t[i], &s->slope[j][i]);
        }
        mtp_arm_node_at(s->kind, s->pair->arm[j].m, &s->frame.p[j], eta.v - s->eta[j].v,
                        &node);
        part = apply(&eta, 0.0, node.l1, node.l2);
        sum = combine(1.0, &sum, 1.0, &part);
        number -= node.K;
    }
    e = factor * exp(number);
    if (e > 0.0) {
        sum = apply(&sum, e, e, e);
        s->sum = combine(1.0, &s->sum, 1.0, &sum);
    }
}

/* Node i of the rule, from the lowest. */
static double node_at(const mtp_glmm_rule *rule, int i, double *factor)
{
    int odd = rule->nodes % 2, upper = rule->nodes - rule->pairs;

    if (odd && i == rule->pairs) {
        *factor = rule->centre;
        return 0.0;
    }
    if (i >= upper) {
        *factor = rule->factor[i - upper];
        return rule->t[i - upper];
    }
    *factor = rule->factor[rule->pairs - 1 - i];
    return -rule->t[rule->pairs - 1 - i];
}

static void add_all(jets *s, const mtp_glmm_rule *rule)
{
    double t[2] = {0.0, 0.0}, factor[2] = {1.0, 1.0};
    int columns = s->frame.effects > 1 ? rule->nodes : 1;

    for (int i = 0; i < rule->nodes; i++) {
        t[0] = node_at(rule, i, &factor[0]);
        for (int j = 0; j < columns; j++) {
            if (s->frame.effects > 1) {
                t[1] = node_at(rule, j, &factor[1]);
            }
            add_node(s, t, factor[0] * factor[1]);
        }
    }
}

void mtp_pair_hermite(mtp_glmm_kind kind, mtp_pair *pair, const double c[2],
                      const mtp_glmm_rule *rule, const double at[N],
                      mtp_pair_value *value)
{
    const double log_sqrt_2 = 0.34657359027997265471; /* of t for x */
    jets s = {.kind = kind, .pair = pair};
    jet total, part;

    mtp_pair_frame_at(kind, pair, c, at, &s.frame);
    set_mode(&s, c, at);
    set_scale(&s);
    set_nodes(&s);
    add_all(&s, rule);
    total = logarithm(&s.sum);
    for (int r = 0; r < s.frame.effects; r++) {
        part = logarithm(r == 0 ? &s.l11 : &s.l22);
        total = combine(1.0, &total, -1.0, &part);
        total.v += log_sqrt_2 - mtp_dd_half_log_2pi().hi;
    }
    value->loglik = mtp_pair_peak(kind, pair, &s.frame) + total.v;
    for (int i = 0, at_pair = 0; i < N; i++) {
        value->gradient[i] = total.g[i];
        for (int j = 0; j <= i; j++, at_pair++) {
            value->hessian[i][j] = value->hessian[j][i] = total.h[at_pair];
        }
    }
    value->slope_sigma2 = value->slope_tau2 = (double)NAN;
}
