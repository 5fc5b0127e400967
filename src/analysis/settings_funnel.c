/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/settings.h"
#include "core/error.h"
#include "core/number.h"

#include <math.h>
#include <string.h>

/* One level of --contours into its place by size. */
static mtp_status add_contour(mtp_funnel_settings *f, const char *text, size_t length,
                              mtp_error *err)
{
    double level;
    size_t at = f->n_contours;

    if (mtp_number_parse(text, length, &level) != MTP_NUMBER_OK ||
        !(level >= 1.0 && level <= 99.9999999)) {
        return mtp_fail(err, MTP_E_ARG,
                        "--contours: '%.*s' is no level in percent; give some like "
                        "90,95,99",
                        (int)length, text);
    }
    if (f->n_contours == MTP_FUNNEL_CONTOURS) {
        return mtp_fail(err, MTP_E_ARG,
                        "--contours: more than %d levels cannot be told apart in print",
                        (int)MTP_FUNNEL_CONTOURS);
    }
    for (; at > 0 && f->contour[at - 1] > level / 100.0; at--) {
        f->contour[at] = f->contour[at - 1];
    }
    if (at > 0 && f->contour[at - 1] == level / 100.0) {
        return mtp_fail(err, MTP_E_ARG, "--contours: %.*s is given twice", (int)length,
                        text);
    }
    f->contour[at] = level / 100.0;
    f->n_contours++;
    return MTP_OK;
}

mtp_status mtp_settings_resolve_funnel(const mtp_request *request,
                                       mtp_settings *settings, mtp_error *err)
{
    mtp_funnel_settings *f = &settings->funnel;
    const char *list = request->given[MTP_OPT_CONTOURS];
    mtp_status status = MTP_OK;

    f->axis = (mtp_funnel_axis)mtp_request_choice(request, MTP_OPT_Y_AXIS);
    f->fill = mtp_request_has(request, MTP_OPT_FUNNEL_FILL);
    if (f->fill) {
        f->estimator =
            (mtp_trim_fill_estimator)mtp_request_choice(request, MTP_OPT_FUNNEL_FILL);
    }
    f->egger = strcmp(mtp_request_value(request, MTP_OPT_EGGER_LINE), "true") == 0;
    if (f->egger && !mtp_funnel_by_precision(f->axis)) {
        return mtp_fail(err, MTP_E_ARG,
                        "--egger-line is a line over standard errors, and --y-axis %s "
                        "shows sample sizes: give --y-axis sei, vi, seinv or vinv",
                        mtp_funnel_axis_id(f->axis));
    }
    for (const char *at = list; at && status == MTP_OK;) {
        size_t length = strcspn(at, ",");

        status = add_contour(f, at, length, err);
        at = at[length] ? at + length + 1 : NULL;
    }
    if (status == MTP_OK && list && isnan(settings->pool.null_value) &&
        settings->measure->measure != MTP_GEN) {
        return mtp_fail(err, MTP_E_ARG,
                        "--contours shades where effects differ from a hypothesis, and "
                        "measure %s has none: give --null VALUE",
                        settings->measure->code);
    }
    return status;
}
