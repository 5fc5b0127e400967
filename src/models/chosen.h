/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_CHOSEN_H
#define MTP_MODELS_CHOSEN_H

#include "core/arena.h"
#include "models/pool_notes.h"
#include "models/pool_sets.h"

/**
 * The interval and the prediction that are made only where they are chosen, for what
 * they cost: pl, hc and nnf. Enter them into the estimates of every set with a degree
 * of freedom; the others keep Wald's interval and have no prediction.
 *
 * @param shared  subgroups share tau2: pl then profiles theirs
 * @param point   [k] room
 * @param noted   gets what the notes tell
 * @return MTP_OK; MTP_E_NOMEM
 */
mtp_status mtp_fit_chosen(const mtp_pool_sets *sets, const mtp_pool_options *options,
                          bool shared, mtp_arena *arena, mtp_study_point point[],
                          mtp_pooled pooled[], mtp_noted_set noted[], mtp_error *err);

#endif
