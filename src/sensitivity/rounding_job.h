/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_SENSITIVITY_ROUNDING_JOB_H
#define MTP_SENSITIVITY_ROUNDING_JOB_H

#include "metapool/rounding.h"

#include "core/arena.h"

/* Figures of a set as they are kept: those of the list, the statistics behind their
 * p-values, and on the natural scale those that have one. */
enum {
    MTP_ROUND_COMMON_STATISTIC = MTP_ROUNDED_COUNT,
    MTP_ROUND_RANDOM_STATISTIC,
    MTP_ROUND_BACK, /* common: estimate and limits; random: the same; prediction */
    MTP_ROUND_BACKS = 8,
    MTP_ROUND_FIGURES = MTP_ROUND_BACK + MTP_ROUND_BACKS,
};

/** An input that moves: a study's figure of a column. */
typedef struct mtp_round_input {
    size_t study, column;
} mtp_round_input;

/**
 * What fits of moved inputs share. A point is one number from -1 to 1 an input, in
 * half units from what was printed.
 */
typedef struct mtp_round_job {
    const mtp_raw *raw;
    const mtp_effects_options *how;
    const mtp_grouping *grouping;
    mtp_pool_options pool; /* on one thread */
    mtp_rounding_options options;
    size_t k, n_sets, n_figures;        /* n_figures = n_sets MTP_ROUND_FIGURES */
    size_t n_columns;                   /* that move */
    int column_of[MTP_ROLE_COUNT];      /* -1: the role stays */
    const double *half[MTP_ROLE_COUNT]; /* by column */
    size_t n_inputs;
    mtp_round_input *input;
    double *base; /* [n_figures] as printed */
} mtp_round_job;

/** What fits found: the smallest and largest of every figure (NaN: never there). */
typedef struct mtp_round_found {
    double *lower, *upper;  /* [n_figures] */
    double *median;         /* [n_figures] of draws */
    unsigned char *clipped; /* [k] 1: a study that went back in any fit */
    size_t fits, failed;    /* failed: without an overall random-effects estimate */
} mtp_round_found;

/** @return false without memory */
bool mtp_round_found_make(const mtp_round_job *job, mtp_arena *arena,
                          mtp_round_found *found);
/** Widen what was found by figures. */
void mtp_round_widen(size_t n, const double figure[], mtp_round_found *found);

/** Room for the fits of one task, and what they found. */
typedef struct mtp_round_room {
    const mtp_round_job *job;
    mtp_arena *arena;
    mtp_raw raw;
    double *moved[MTP_ROLE_COUNT]; /* [k] by role, where it moves */
    double *x;                     /* [n_inputs] for the task */
    double *figure;                /* [n_figures] of the last fit; NaN: none */
    unsigned char *step;           /* [k] how far each study went back */
    mtp_round_found found;
} mtp_round_room;

/**
 * Fit at a point.
 * @param err  NULL: a point without a fit is no failure
 * @return MTP_OK; MTP_E_NOMEM; with `err`, as mtp_effects_compute and mtp_pool
 */
mtp_status mtp_round_fit(mtp_round_room *room, const double x[], mtp_error *err);

typedef mtp_status (*mtp_round_work)(mtp_round_room *room, void *context, size_t task);

/** Run tasks, each in its own room, on the threads of the job, and merge what their
 *  fits found into `found`. */
mtp_status mtp_round_stage(const mtp_round_job *job, size_t tasks, mtp_round_work work,
                           void *context, mtp_round_found *found);

/** The part of n pieces of work that one of MTP_ROUND_TASKS tasks has: [from, to). */
enum { MTP_ROUND_TASKS = 64 };
void mtp_round_share(size_t n, size_t task, size_t *from, size_t *to);

/** Both ways. `found` begins with the figures as printed; after draws, its limits are
 *  percentiles. */
mtp_status mtp_round_search(const mtp_round_job *job, mtp_arena *arena,
                            mtp_round_found *found);
mtp_status mtp_round_draw(const mtp_round_job *job, mtp_arena *arena,
                          mtp_round_found *found);

#endif
