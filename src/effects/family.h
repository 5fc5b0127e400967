/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EFFECTS_FAMILY_H
#define MTP_EFFECTS_FAMILY_H

#include "metapool/effects.h"

#include "core/arena.h"
#include "core/notes.h"

/**
 * A family: measures made of the same raw data. Each lives in one file, which holds its
 * registry rows, what is impossible in its data, its formulas and its transforms;
 * families.c lists them. Everything else about effects is the same for all.
 */
enum { MTP_FAMILY_ROLES = 8 };

/* What the stages of one computation share. */
typedef struct mtp_effects_work {
    const mtp_effects_options *options;
    const mtp_measure_info *measure;
    const mtp_raw *raw;       /* completed: columns derived where they were missing */
    double add;               /* the zero-cell correction in force */
    unsigned char *corrected; /* [k] 1 where it is added */
    unsigned char *ready;     /* [k] 1 where yi and vi were given, not raw data */
    const char **origin;      /* [k] what stands for raw data; NULL: its own */
    unsigned char *stand_in;  /* [k] 1 where a rule gave stand-ins; NULL: nowhere */
    mtp_arena *arena;
    void *shared; /* what `prepare` leaves for `effect` */
    mtp_note_list notes;
} mtp_effects_work;

typedef struct mtp_family {
    const mtp_measure_info *measure; /* [n_measures], in the order of the enumerators */
    size_t n_measures;
    mtp_role role[MTP_FAMILY_ROLES]; /* the raw data that it is computed from */
    size_t n_roles;
    bool ready; /* yi and vi may be given in place of raw data */

    /** What is impossible in study i; its roles are there, but may be infinite. */
    mtp_status (*check)(const mtp_effects_options *options, const mtp_raw *raw,
                        size_t i, mtp_error *err);
    /** Whether study i has a cell that the zero-cell rule looks for; NULL: no cells. */
    bool (*has_empty_cell)(const mtp_raw *raw, size_t i);
    const char *cells, *empty; /* "events and non-events", "no events" */
    /** The sizes of the two arms of study i, for the treatment-arm correction; NULL: it
     *  has no arms. */
    void (*arms)(const mtp_raw *raw, size_t i, double size[2]);
    /** Why study i says nothing about the effect ("no event in either group"), or NULL;
     *  its values are possible. NULL: every study says something. */
    const char *(*uninformative)(mtp_measure measure, const mtp_raw *raw, size_t i);
    /** Before the first effect: what looks at all studies. NULL: nothing. */
    void (*prepare)(mtp_effects_work *work);
    /** Effect and variance of study i. */
    void (*effect)(const mtp_effects_work *work, size_t i, double *yi, double *vi);

    /** From and to the natural scale, y and natural not NaN; NULL: they are the same.
     *  `clipped` may be NULL. */
    double (*back)(mtp_measure measure, double y, double ft_n, bool *clipped);
    double (*forward)(mtp_measure measure, double natural, double ft_n);
} mtp_family;

extern const mtp_family mtp_family_generic;      /* generic.c */
extern const mtp_family mtp_family_ready;        /* ready.c */
extern const mtp_family mtp_family_proportion;   /* proportion.c */
extern const mtp_family mtp_family_rate;         /* rate.c */
extern const mtp_family mtp_family_two_counts;   /* two_counts.c */
extern const mtp_family mtp_family_paired_cells; /* paired_counts.c */
extern const mtp_family mtp_family_paired_margins;
extern const mtp_family mtp_family_two_rates; /* two_rates.c */
extern const mtp_family mtp_family_oe;        /* oe.c */
extern const mtp_family mtp_family_one_mean;  /* one_mean.c */
extern const mtp_family mtp_family_one_sd;
extern const mtp_family mtp_family_two_means; /* two_means.c */
extern const mtp_family mtp_family_two_sds;
extern const mtp_family mtp_family_standardized; /* standardized.c */
extern const mtp_family mtp_family_standardized_by_sd2;
extern const mtp_family mtp_family_converted;   /* converted.c */
extern const mtp_family mtp_family_superiority; /* superiority.c */
extern const mtp_family mtp_family_superiority_normal;
extern const mtp_family mtp_family_change; /* change.c */
extern const mtp_family mtp_family_change_difference;
extern const mtp_family mtp_family_change_by_first;
extern const mtp_family mtp_family_change_spread;
extern const mtp_family mtp_family_correlation; /* correlation.c */
extern const mtp_family mtp_family_partial;     /* partial.c */
extern const mtp_family mtp_family_semipartial;
extern const mtp_family mtp_family_determination; /* determination.c */
extern const mtp_family mtp_family_reliability;   /* reliability.c */

/** The family of a valid measure; never NULL. */
const mtp_family *mtp_family_of(mtp_measure measure);

/** Whether a family computes from a role itself, or takes it in place of raw data. */
bool mtp_family_reads(const mtp_family *family, mtp_role role);

/** What the zero-cell rule adds to the cells of each arm of study i, or to the cells of
 *  its only one: 0 where it adds nothing. */
void mtp_added(const mtp_effects_work *work, size_t i, double add[2]);

/** y kept within [lower, upper]; `clipped`, if not NULL, set when it was not. */
double mtp_clip(double y, double lower, double upper, bool *clipped);

#endif
