/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EXPLAIN_PLAN_H
#define MTP_EXPLAIN_PLAN_H

#include "explain/work.h"

enum { MTP_PLAN_LINES = 40 };

/** How a study's figures are made, line by line. */
typedef struct mtp_plan {
    const char *text; /* "name = formula; ..."; what makes plans alike */
    size_t n;
    /* Of what is found by search the formula is "?". */
    const char *name[MTP_PLAN_LINES], *formula[MTP_PLAN_LINES];
    bool y, v;    /* they are made by it */
    bool foreign; /* some of what it needs is made in a way that is not shown */
} mtp_plan;

/** The lines of a study by its measure, its correction and its origin; NULL without
 *  memory. Sets p->foreign. */
const char *mtp_plan_text(mtp_explain_work *work, const mtp_study *study, mtp_plan *p);
/** Take p->text apart. */
void mtp_plan_split(mtp_explain_work *work, mtp_plan *p);

/** The study's effect came ready-made. */
bool mtp_plan_is_ready(const mtp_study *study);

/** The raw data of a study into the scope. */
void mtp_explain_set_raw(mtp_explain_work *work, const mtp_study *study);
/** What the analysis has for a line of a study; NaN: nothing. */
double mtp_explain_figure(const mtp_bundle *b, const mtp_study *study,
                          const char *name);

/** averages.c: of all studies, where sampling variances take them; in the scope. */
void mtp_explain_averages(mtp_explain_work *work);

/** Whether lines make a symbol ("y = ..."), or mention it. */
bool mtp_plan_makes(const char *lines, const char *name);
bool mtp_plan_mentions(const char *text, const char *symbol);
/** The text with `to` in place of a name that stands for a number; NULL without memory,
 *  and where an argument is NULL. */
const char *mtp_plan_renamed(mtp_arena *arena, const char *text, const char *from,
                             const char *to);

#endif
