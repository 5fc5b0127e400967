/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --gosh-output: the fits of all subsets gather in a nameless file, which becomes FILE
 * when all went well. */
#include "cli/gosh_output.h"

#include "report/gosh_csv.h"

#include <errno.h>
#include <string.h>

/* Keep text for later; remembers the first thing that goes wrong. */
static mtp_status keep(mtp_cli_gosh *gosh, mtp_strbuf *text)
{
    bool failed = text->failed;

    errno = failed ? ENOMEM : 0;
    if (!failed && fwrite(text->text, 1, text->length, gosh->spool) != text->length) {
        failed = true;
    }
    gosh->error = failed ? errno : 0;
    mtp_strbuf_free(text);
    return failed ? MTP_E_IO : MTP_OK;
}

static mtp_status receive(void *context, size_t k, size_t n, const mtp_gosh_fit fit[])
{
    mtp_strbuf text;

    mtp_strbuf_init(&text);
    mtp_gosh_csv_fits(&text, k, n, fit);
    return keep((mtp_cli_gosh *)context, &text);
}

mtp_exit mtp_cli_gosh_begin(mtp_cli_gosh *gosh, mtp_request *request)
{
    mtp_strbuf header;

    *gosh = (mtp_cli_gosh){.path = mtp_request_get(request, "gosh-output")};
    if (!gosh->path) {
        return MTP_EXIT_OK;
    }
    if (strcmp(gosh->path, "-") == 0) {
        mtp_cli_error("--gosh-output -: standard output carries the report; name a "
                      "file");
        return MTP_EXIT_USAGE;
    }
    errno = 0;
    gosh->spool = tmpfile();
    if (!gosh->spool) {
        gosh->error = errno;
        return mtp_cli_gosh_failed(gosh);
    }
    mtp_strbuf_init(&header);
    mtp_gosh_csv_header(&header);
    mtp_request_set_gosh(request, receive, gosh);
    return keep(gosh, &header) == MTP_OK ? MTP_EXIT_OK : mtp_cli_gosh_failed(gosh);
}

mtp_exit mtp_cli_gosh_failed(const mtp_cli_gosh *gosh)
{
    if (gosh->error == 0) {
        return MTP_EXIT_OK;
    }
    mtp_cli_error("%s: a temporary file failed: %s", gosh->path, strerror(gosh->error));
    return MTP_EXIT_SYSTEM;
}

mtp_exit mtp_cli_gosh_end(mtp_cli_gosh *gosh, bool write)
{
    mtp_exit status = MTP_EXIT_OK;

    if (gosh->spool && write) {
        status = mtp_cli_write_stream(gosh->path, gosh->spool);
    }
    if (gosh->spool) {
        (void)fclose(gosh->spool);
    }
    *gosh = (mtp_cli_gosh){0};
    return status;
}
