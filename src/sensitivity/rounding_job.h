/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_SENSITIVITY_ROUNDING_JOB_H
#define MTP_SENSITIVITY_ROUNDING_JOB_H

#include "metapool/rounding.h"

#include "core/arena.h"

/** A figure that fits give. */
typedef struct mtp_round_figure {
    size_t part;      /* of the model, that makes it */
    bool sought;      /* bounds are searched for; else they come with those of others */
    size_t guide;     /* the figure that shows the way where steps leave this one alone
                         (tau2 at 0: Q); itself: none */
    size_t statistic; /* of a p-value, or the square of t: what it comes from; itself:
                         none */
    double at_zero;   /* what it is then where its statistic is 0 */
    bool between;     /* of several squares, and smallest between the corners */
} mtp_round_figure;

typedef struct mtp_round_job mtp_round_job;
typedef struct mtp_round_room mtp_round_room;

/**
 * Put the figures of one part of the model, or of all (part n_parts), into their
 * places; those that there are none of stay. The effects are those of what was moved in
 * the room.
 * @return MTP_OK; a status without a figure; MTP_E_NOMEM
 */
typedef mtp_status (*mtp_round_model)(const mtp_round_room *room,
                                      const mtp_effects *effects, size_t part,
                                      double figure[], mtp_error *err);

/** An input that moves: a study's figure of a column. */
typedef struct mtp_round_input {
    size_t study, column;
} mtp_round_input;

/**
 * What fits of moved inputs share. A point is one number from -1 to 1 an input, in
 * half units from what was printed.
 */
struct mtp_round_job {
    const mtp_raw *raw;
    const mtp_effects_options *how;
    mtp_rounding_options options;
    mtp_round_model fit;
    const void *model; /* of `fit` */
    size_t k, n_parts, n_figures;
    const mtp_round_figure *figure;     /* [n_figures] */
    size_t n_columns;                   /* that move */
    int column_of[MTP_ROLE_COUNT];      /* -1: the role stays */
    const double *half[MTP_ROLE_COUNT]; /* by column */
    size_t n_left_out;                  /* marginal means and predictions: too many */
    size_t n_roles;                     /* that move */
    mtp_role role[MTP_ROLE_COUNT];
    size_t n_inputs;
    mtp_round_input *input;
    double *base;      /* [n_figures] as printed; NaN: no such figure */
    double *down, *up; /* [n_inputs][n_figures] with one input at its end */
};

/** What fits found: the smallest and largest of every figure (NaN: never there). */
typedef struct mtp_round_found {
    double *lower, *upper;  /* [n_figures] */
    double *median;         /* [n_figures] of draws */
    unsigned char *clipped; /* [k] 1: a study that went back in any fit */
    size_t fits, failed;    /* failed: lacking a figure that there is as printed */
} mtp_round_found;

/** @return false without memory */
bool mtp_round_found_make(const mtp_round_job *job, mtp_arena *arena,
                          mtp_round_found *found);

/** Room for the fits of one task, and what they found. */
struct mtp_round_room {
    const mtp_round_job *job;
    mtp_arena *arena;
    mtp_raw raw;
    double *moved[MTP_ROLE_COUNT]; /* [k] by role, where it moves */
    double *x;                     /* [n_inputs] the point */
    double *loss;                  /* [n_inputs] for the task */
    double *key;                   /* [n_roles * k] for the model */
    double *figure;                /* [n_figures] of the last fit; NaN: none */
    unsigned char *step;           /* [k] how far each study went back */
    mtp_round_found found;
};

/**
 * Fit a part of the model, or all, at room->x.
 * @param err  NULL: a point without a fit is no failure
 * @return MTP_OK; MTP_E_NOMEM; with `err`, as mtp_effects_compute and the model
 */
mtp_status mtp_round_fit(mtp_round_room *room, size_t part, mtp_error *err);

typedef mtp_status (*mtp_round_work)(mtp_round_room *room, void *context, size_t task);

/** Run tasks, each in its own room, on the threads of the job, and merge what their
 *  fits found into `found`. */
mtp_status mtp_round_stage(const mtp_round_job *job, size_t tasks, mtp_round_work work,
                           void *context, mtp_round_found *found);

/** The part of n pieces of work that one of MTP_ROUND_TASKS tasks has: [from, to). */
enum { MTP_ROUND_TASKS = 64 };
void mtp_round_share(size_t n, size_t task, size_t *from, size_t *to);

/** Which columns move; roles with the same half units share one. @return MTP_E_ARG for
 * a half unit that is none */
mtp_status mtp_round_columns(mtp_round_job *job,
                             const double *const half[MTP_ROLE_COUNT], mtp_error *err);

/** The figures as printed and with every input at its ends; inputs that no figure hangs
 *  on are dropped. */
mtp_status mtp_round_steps(mtp_round_job *job, mtp_arena *arena, mtp_round_found *found,
                           mtp_error *err);

/** Whether an input has a part in any figure of a part. */
bool mtp_round_matters(const mtp_round_job *job, size_t part, size_t v);

/** Lower a figure as far as that goes, from room->x. @return MTP_OK; MTP_E_NOMEM */
mtp_status mtp_round_descend(mtp_round_room *room, size_t figure);

/** Both ways. `found` begins with the figures of the steps; after draws, its limits are
 *  percentiles. */
mtp_status mtp_round_search(const mtp_round_job *job, mtp_arena *arena,
                            mtp_round_found *found);
mtp_status mtp_round_draw(const mtp_round_job *job, mtp_arena *arena,
                          mtp_round_found *found);

/** The caller's options over the defaults. @return MTP_OK; MTP_E_ARG */
mtp_status mtp_round_options(const mtp_rounding_options *given,
                             mtp_rounding_options *used, mtp_error *err);

/**
 * Everything but the model: job->raw, how, options, the model and its figures are
 * there. Fills in what all results have, and `found`, from which the caller takes the
 * ranges.
 */
mtp_status mtp_round_run(mtp_round_job *job, const double *const half[MTP_ROLE_COUNT],
                         mtp_rounding_result *result, mtp_arena *scratch,
                         mtp_round_found *found, mtp_error *err);

/** What was found of a figure. */
mtp_rounding_range mtp_round_range(const mtp_round_job *job,
                                   const mtp_round_found *found, size_t figure);
/** No figure. */
mtp_rounding_range mtp_round_no_range(void);
/** A test of two figures, the statistic and then its p. */
mtp_rounding_test mtp_round_test(const mtp_round_job *job, const mtp_round_found *found,
                                 size_t figure, const char *name);

#endif
