/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EFFECTS_DERIVE_H
#define MTP_EFFECTS_DERIVE_H

#include "effects/family.h"

/**
 * From what papers print to what formulas need: a value that a study lacks is derived
 * from others that it has, by the first rule that applies to it.
 */
enum { MTP_RULE_SOURCES = 6 };

typedef struct mtp_rule {
    mtp_role target;
    size_t n_sources;
    mtp_role source[MTP_RULE_SOURCES];
    /** Measures to which it applies; NULL: all that read the target. */
    bool (*applies)(const mtp_measure_info *measure);
    /** What is impossible in the sources of study i; they are there. */
    mtp_status (*check)(const mtp_raw *raw, size_t i, mtp_error *err);
    double (*value)(const mtp_effects_options *options, const mtp_raw *raw, size_t i);
    /** A second look at a study to which it was applied; NULL: none. */
    void (*doubt)(const mtp_raw *raw, size_t i, mtp_note_list *notes);
    const char
        *text; /* "standard errors were taken from ..."; NULL: not worth a note */
    mtp_note_code note;
    bool level; /* it depends on the level of the given limits, and the note says so */
} mtp_rule;

/** The rules, in the order in which they are tried. */
const mtp_rule *mtp_rules(size_t *n);

/** Whether a rule (or a chain of rules) makes `target` from `source` for a measure. */
bool mtp_can_derive(mtp_measure measure, mtp_role target, mtp_role source);

/** Whether study i has `role` or what it can be derived from. */
bool mtp_has_value(mtp_measure measure, const mtp_raw *raw, size_t i, mtp_role role);

/**
 * Complete the columns of work->raw: `raw` is a copy whose columns are replaced by ones
 * in the arena where something is derived. Notes say which rules were used for how many
 * studies.
 * @return MTP_OK; MTP_E_DATA for what is impossible in a source (err->line, column);
 *         MTP_E_NOMEM
 */
mtp_status mtp_derive_columns(mtp_effects_work *work, mtp_raw *raw, mtp_error *err);

#endif
