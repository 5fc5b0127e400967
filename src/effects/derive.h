/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EFFECTS_DERIVE_H
#define MTP_EFFECTS_DERIVE_H

#include "effects/family.h"

/**
 * From what papers print to what formulas need: a value that a study lacks is derived
 * from others that it has, by the first rule that applies to it.
 */
enum { MTP_RULE_SOURCES = 6 };

typedef struct mtp_rule mtp_rule;

struct mtp_rule {
    mtp_role target;
    size_t n_sources;
    mtp_role source[MTP_RULE_SOURCES];
    /** Measures to which it applies; NULL: all that read the target. */
    bool (*applies)(const mtp_rule *rule, const mtp_measure_info *measure);
    /** Why it must not be used for study i of the data as they were given; NULL: never.
     */
    bool (*blocked)(const mtp_raw *given, size_t i);
    /** What is impossible in the sources of study i; they are there. NULL: nothing. */
    mtp_status (*check)(const mtp_rule *rule, const mtp_raw *raw, size_t i,
                        mtp_error *err);
    double (*value)(const mtp_rule *rule, const mtp_effects_options *options,
                    const mtp_raw *raw, size_t i);
    /** A second look at a study to which it was applied; NULL: none. */
    void (*doubt)(const mtp_rule *rule, const mtp_raw *raw, size_t i,
                  mtp_note_list *notes);
    const char
        *text; /* "standard errors were taken from ..."; NULL: not worth a note */
    mtp_note_code note;
    bool level; /* it depends on the level of the given limits, and the note says so */
    bool stand_in; /* the value serves the formula, but is none that the study has */
};

/** Rules of one kind, in the order in which they are tried. */
typedef struct mtp_rule_set {
    const mtp_rule *rule;
    size_t n;
} mtp_rule_set;

#define MTP_RULE_SET(rules)                                                            \
    {                                                                                  \
        (rules), sizeof(rules) / sizeof *(rules)                                       \
    }

extern const mtp_rule_set mtp_rules_of_counts;       /* rules_counts.c */
extern const mtp_rule_set mtp_rules_of_correlations; /* rules_correlation.c */
extern const mtp_rule_set mtp_rules_of_means;        /* rules_mean.c */
extern const mtp_rule_set mtp_rules_of_changes;      /* rules_change.c */
extern const mtp_rule_set mtp_rules_of_ready;        /* rules_ready.c */

/** Rule by its place in the order in which all are tried; NULL past the last. */
const mtp_rule *mtp_rule_get(size_t index);

/** The value of study i in the rule's source number s. */
static inline double mtp_rule_source(const mtp_rule *rule, const mtp_raw *raw, size_t i,
                                     size_t s)
{
    return raw->column[rule->source[s]][i];
}

/** Whether a rule (or a chain of rules) makes `target` from `source` for a measure. */
bool mtp_can_derive(mtp_measure measure, mtp_role target, mtp_role source);

/** To the columns that are read, add those from which rules can derive them. */
void mtp_derive_close(mtp_measure measure, bool reads[MTP_ROLE_COUNT]);

/** Whether study i has `role` or what it can be derived from. */
bool mtp_has_value(mtp_measure measure, const mtp_raw *raw, size_t i, mtp_role role);

/** One study, completed: `one` has k = 1 and its columns in `value`. */
void mtp_derive_study(const mtp_effects_options *options, const mtp_raw *raw, size_t i,
                      double value[MTP_ROLE_COUNT], mtp_raw *one);

/**
 * Complete the columns of work->raw: `raw` is a copy whose columns are replaced by ones
 * in the arena where something is derived. Notes say which rules were used for how many
 * studies; work->origin[i] says it of study i.
 * @return MTP_OK; MTP_E_DATA for what is impossible in a source (err->line, column);
 *         MTP_E_NOMEM
 */
mtp_status mtp_derive_columns(mtp_effects_work *work, mtp_raw *raw, mtp_error *err);

/** Once the effects are made: stand-ins become missing again, so that no report shows
 *  them as data. @return MTP_OK or MTP_E_NOMEM */
mtp_status mtp_forget_stand_ins(const mtp_effects_work *work, mtp_raw *raw,
                                mtp_error *err);

#endif
