/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/sensitivity_view.h"

#include <math.h>

const mtp_subset_estimate *mtp_view_told(const mtp_bundle *bundle,
                                         const mtp_subset_fit *fit)
{
    return bundle->sensitivity->common ? &fit->common : &fit->random;
}

mtp_view_side mtp_view_side_of(const mtp_bundle *bundle, const mtp_subset_fit *fit)
{
    const mtp_subset_estimate *e = mtp_view_told(bundle, fit);
    const mtp_pooled *all = &bundle->pool->overall;
    double null =
        bundle->sensitivity->common ? all->common.null_value : all->random.null_value;

    if (isnan(e->ci_lower) || isnan(e->ci_upper) || isnan(null)) {
        return MTP_SIDE_UNKNOWN;
    }
    return e->ci_upper < null   ? MTP_SIDE_BELOW
           : e->ci_lower > null ? MTP_SIDE_ABOVE
                                : MTP_SIDE_AROUND;
}

bool mtp_view_changes(const mtp_bundle *bundle, const mtp_subset_fits *fits, size_t i)
{
    mtp_view_side all = mtp_view_side_of(bundle, &fits->all),
                  one = mtp_view_side_of(bundle, &fits->fit[i]);

    return all != MTP_SIDE_UNKNOWN && one != MTP_SIDE_UNKNOWN && one != all;
}

const char *mtp_view_left_out(const mtp_bundle *bundle, size_t i)
{
    const mtp_sensitivity_analysis *s = bundle->sensitivity;

    return s->group_name ? s->group_name[i] : bundle->studies[i].name;
}

size_t mtp_view_outlier(const mtp_bundle *bundle)
{
    const mtp_gosh_result *gosh = bundle->sensitivity->gosh;
    size_t i = gosh->outlier;

    return gosh->without[i].I2 < gosh->with[i].I2 ? i : bundle->n_studies;
}

size_t mtp_view_entering(const mtp_bundle *bundle, size_t step, size_t from)
{
    const size_t *of_study = bundle->sensitivity->cumulative->step;

    while (from < bundle->n_studies && of_study[from] != step) {
        from++;
    }
    return from;
}
