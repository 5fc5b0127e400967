/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ANALYSIS_BIND_H
#define MTP_ANALYSIS_BIND_H

#include "metapool/multilevel.h"

#include "analysis/levels.h"
#include "analysis/settings.h"
#include "core/arena.h"

/**
 * The used rows of a table as arrays, and the ledger of the others. Everything lies in
 * the arena; nothing points back into the table.
 */
typedef struct mtp_binding {
    mtp_ledger ledger;
    size_t k;                             /* used rows */
    const size_t *row;                    /* [k] 0-based table row */
    const double *column[MTP_ROLE_COUNT]; /* [k] or NULL */
    const double *weights;                /* [k] pooling, or NULL */
    const double *count;                  /* [k] composition: counts */
    const char *const *study;             /* [k] labels */
    size_t n_levels;                      /* subgroups; 0 without --by */
    const size_t *level;                  /* [k] */
    const char *const *level_name; /* [n_levels], in alphabetical or numeric order */
    size_t n_nested;               /* levels; 0 without --nested */
    const mtp_level *nested;       /* [n_nested] */
    const char *const *const *nested_label; /* [n_nested][k] */
    size_t n_clusters;                      /* 0 without --cluster */
    const size_t *cluster;                  /* [k] */
    const char *const *cluster_name;        /* [n_clusters] in order */
    size_t n_steps;                         /* 0 without --cumulative */
    const size_t *step;                     /* [k] */
    const char *const *step_name;           /* [n_steps] in order */
    const mtp_labels *text; /* [settings->n_texts] of the used rows, their
                     texts followed by those of the excluded rows */
    size_t n_categories;
    const size_t *category; /* [k] */
    const char *const *category_name;
    const mtp_design_values *mods;  /* [settings->mods->n_variables] regress */
    const mtp_design_values *scale; /* [settings->scale->n_variables], or NULL */
} mtp_binding;

/**
 * @return MTP_OK; MTP_E_ARG for an expression that is wrong; MTP_E_DATA for text where
 * a number is needed, or when no row is left; MTP_E_NOMEM
 */
mtp_status mtp_bind(const mtp_table *table, const mtp_settings *settings,
                    mtp_arena *arena, mtp_binding *binding, mtp_problems *problems,
                    mtp_error *err);

#endif
