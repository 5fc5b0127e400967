/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The defaults of another program against our own. */
#include "report/builders.h"

#include <math.h>

/* "0.4894 [0.3301, 0.7257]" */
static void add_mean(mtp_document *doc, const mtp_profile_mean *mean)
{
    if (isnan(mean->estimate)) {
        mtp_doc_text(doc, "does not exist");
        return;
    }
    mtp_doc_add(doc, mtp_build_natural(doc, mean->estimate));
    mtp_doc_text(doc, " ");
    mtp_doc_add(doc, mtp_build_natural_interval(doc, mean->ci_lower, mean->ci_upper));
}

static void add_differences(mtp_document *doc, const mtp_profile *profile)
{
    const mtp_doc_column column[] = {{"option", "Option", true, false},
                                     {"ours", "metapool", true, false},
                                     {"theirs", profile->program, true, false}};

    mtp_doc_table(doc, sizeof column / sizeof *column, column);
    for (size_t i = 0; i < profile->n_differences; i++) {
        const mtp_profile_difference *d = &profile->differences[i];
        mtp_doc_cell *cell = mtp_doc_row_new(doc);

        cell[0] = mtp_doc_cell_text(d->option);
        cell[1] = mtp_doc_cell_text(d->ours ? d->ours : "(none)");
        cell[2] = mtp_doc_cell_text(d->theirs ? d->theirs : "(none)");
    }
}

void mtp_build_profile(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_profile *profile = bundle->profile;

    if (!profile) {
        return;
    }
    mtp_doc_heading(doc, "The defaults of %s %s", profile->program, profile->version);
    if (!profile->knows_measure) {
        mtp_doc_paragraph(doc);
        mtp_doc_text(doc,
                     "%s has no measure %s: its defaults for ready-made effects stand.",
                     profile->program, bundle->measure->code);
    }
    if (profile->n_differences > 0) {
        add_differences(doc, profile);
    } else {
        mtp_doc_paragraph(doc);
        mtp_doc_text(doc, "No option differs from metapool's defaults here.");
    }
    mtp_doc_entries(doc);
    mtp_doc_entry(doc, "Mean by metapool");
    add_mean(doc, &profile->ours);
    mtp_doc_entry(doc, "Mean by this profile");
    add_mean(doc, &profile->theirs);
    if (!isnan(profile->ours.estimate) && !isnan(profile->theirs.estimate)) {
        mtp_doc_entry(doc, "It moves by");
        mtp_doc_add(doc, mtp_build_natural(doc, profile->theirs.estimate -
                                                    profile->ours.estimate));
    }
    if (profile->not_reproduced) {
        mtp_doc_entry(doc, "Not reproduced");
        mtp_doc_text(doc, "%s", profile->not_reproduced);
    }
    mtp_doc_entry(doc, "Source");
    mtp_doc_text(doc, "%s", profile->source);
}
