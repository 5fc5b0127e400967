/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_BIAS_SELECTION_WEIGHT_H
#define MTP_BIAS_SELECTION_WEIGHT_H

#include "metapool/selection.h"

#include "core/arena.h"

#include <stdbool.h>

/**
 * Weights of p-values, of which the side is greater or two.sided here (less is greater
 * with the signs of all effects changed).
 *
 * log w(p; theta) = offset(p) + theta'feature(p) for all types but logistic, with theta
 * = delta, or log delta of the intervals that are estimated (step).
 */
typedef struct mtp_selection_rule {
    mtp_selection_type type;
    bool two_sided;
    double p_censored; /* 0 but for beta and power */
    size_t q;          /* length of theta */
    /* step: the intervals of p-values. */
    size_t n_steps;
    const double *steps;  /* [n_steps] */
    const double *first;  /* [n_steps + 1] log weight where it has no parameter; -inf: 0
                           */
    const int *parameter; /* [n_steps + 1] index in theta, or -1 */
} mtp_selection_rule;

/** A p-value with what is left of 1, and the logarithms of both. */
typedef struct mtp_selection_p {
    double p, q, log_p, log_q;
} mtp_selection_p;

mtp_selection_p mtp_selection_p_of(const mtp_selection_rule *rule, double z);

/** The interval of a p-value: the first j with p <= steps[j], or n_steps. */
size_t mtp_selection_interval(const mtp_selection_rule *rule, double p);

/** Weights at many p-values: log w, and its first and second derivatives by theta. */
typedef struct mtp_selection_weights {
    size_t n, q;
    double *offset, *feature; /* [n], [n * q] */
    double *log_w, *slope;    /* [n], [n * q] at the last theta */
    double *curve;            /* [n] d2 log w / d theta2: only logistic has it */
} mtp_selection_weights;

/** false without memory */
bool mtp_selection_weights_make(size_t n, size_t q, mtp_arena *arena,
                                mtp_selection_weights *weights);
void mtp_selection_weights_enter(const mtp_selection_rule *rule, size_t i,
                                 mtp_selection_p p, mtp_selection_weights *weights);
void mtp_selection_weights_at(const mtp_selection_rule *rule, const double theta[],
                              mtp_selection_weights *weights);

/**
 * The line of z in pieces: `n_flat` on which w is constant, then nodes of quadrature on
 * the others. Kinks of w are ends of pieces; beyond |z| = 9, where p or 1 - p is below
 * 1.2e-19, w is constant in doubles.
 */
typedef struct mtp_selection_grid {
    size_t n_flat, n_nodes;
    double *lower, *upper;         /* [n_flat] */
    double *z, *width;             /* [n_nodes] nodes and their weights */
    mtp_selection_weights weights; /* flat pieces first */
    double *w;                     /* [n_flat + n_nodes] exp(log w - largest log w) */
    double log_scale;              /* the largest log w */
    double *mass;                  /* [n_nodes] weight of the node times w */
    double *u, *density;           /* [n_nodes] scratch */
} mtp_selection_grid;

/** @param level  every panel of quadrature is halved so often
 *  @return false without memory */
bool mtp_selection_grid_make(const mtp_selection_rule *rule, int level,
                             mtp_arena *arena, mtp_selection_grid *grid);
void mtp_selection_grid_at(const mtp_selection_rule *rule, const double theta[],
                           mtp_selection_grid *grid);

#endif
