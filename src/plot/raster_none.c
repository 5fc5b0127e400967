/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In place of raster.c in a build without librsvg. */
#include "core/error.h"
#include "plot/raster.h"

static mtp_status unsupported(mtp_error *err)
{
    return mtp_fail(err, MTP_E_UNSUPPORTED,
                    "this metapool draws no pdf and no png, for it was built without "
                    "librsvg: write svg, which rsvg-convert and Inkscape turn into "
                    "both, or install librsvg with its headers (librsvg2-dev) and "
                    "build again");
}

mtp_status mtp_raster_pdf(size_t n, const mtp_raster_page page[], mtp_strbuf *out,
                          mtp_error *err)
{
    (void)n;
    (void)page;
    (void)out;
    return unsupported(err);
}

mtp_status mtp_raster_png(const mtp_raster_page *page, double dpi, mtp_strbuf *out,
                          mtp_error *err)
{
    (void)page;
    (void)dpi;
    (void)out;
    return unsupported(err);
}

bool mtp_raster_font_fits(char family[MTP_RASTER_FAMILY])
{
    family[0] = '\0';
    return true;
}
