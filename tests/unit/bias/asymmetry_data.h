/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TEST_ASYMMETRY_DATA_H
#define MTP_TEST_ASYMMETRY_DATA_H

#include "metapool/bias.h"

#include "asymmetry_reference.h"
#include "core/arena.h"
#include "support/test.h"

/* Effects and tests for asymmetry. */

static inline mtp_effects *effects_of(mtp_measure measure, const mtp_raw *raw)
{
    mtp_effects_options options;
    mtp_effects *effects = NULL;
    mtp_error err = {0};

    mtp_effects_options_init(&options, sizeof options);
    options.measure = measure;
    if (mtp_effects_compute(&options, raw, &effects, &err) != MTP_OK) {
        fail_msg("%s", err.message);
    }
    return effects;
}

static inline mtp_effects *counts(mtp_measure measure, asymmetry_data data)
{
    bool bcg = data == DATA_BCG;
    mtp_raw raw = {.size = sizeof raw,
                   .k = bcg ? sizeof bcg_n1 / sizeof bcg_n1[0]
                            : sizeof sparse_n1 / sizeof sparse_n1[0]};

    raw.column[MTP_ROLE_EVENTS1] = bcg ? bcg_events1 : sparse_events1;
    raw.column[MTP_ROLE_N1] = bcg ? bcg_n1 : sparse_n1;
    raw.column[MTP_ROLE_EVENTS2] = bcg ? bcg_events2 : sparse_events2;
    raw.column[MTP_ROLE_N2] = bcg ? bcg_n2 : sparse_n2;
    return effects_of(measure, &raw);
}

static inline mtp_effects *generic(size_t k, const double yi[], const double vi[])
{
    mtp_raw raw = {.size = sizeof raw, .k = k};

    raw.column[MTP_ROLE_YI] = yi;
    raw.column[MTP_ROLE_VI] = vi;
    return effects_of(MTP_GEN, &raw);
}

static inline mtp_asymmetry_options options_of(mtp_asymmetry_test test)
{
    mtp_asymmetry_options options;

    mtp_asymmetry_options_init(&options, sizeof options);
    options.test = test;
    return options;
}

static inline mtp_asymmetry_result *run(const mtp_effects *effects,
                                        const mtp_asymmetry_options *options)
{
    mtp_asymmetry_result *result = NULL;
    mtp_error err = {0};

    if (mtp_asymmetry(effects, options, &result, &err) != MTP_OK) {
        fail_msg("%s: %s", mtp_asymmetry_id(options->test), err.message);
    }
    return result;
}

static inline const mtp_note *note_of(const mtp_notes *notes, mtp_note_code code)
{
    for (size_t i = 0; i < notes->count; i++) {
        if (notes->item[i].code == code) {
            return &notes->item[i];
        }
    }
    return NULL;
}

#endif
