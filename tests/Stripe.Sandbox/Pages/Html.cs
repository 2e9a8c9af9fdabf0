using System.Text.Encodings.Web;

namespace Son1kVers3.Stripe.Sandbox.Pages;

/// <summary>The frame of every page: no script, nothing from elsewhere.</summary>
internal static class Html
{
    private const string Style = """
        body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f4f5f7;color:#14161a}
        main{max-width:28rem;margin:2rem auto;padding:1.5rem;background:#fff;border-radius:.75rem;box-shadow:0 1px 4px #0002}
        label{display:block;margin:.75rem 0 .25rem;font-weight:600}
        input{width:100%;box-sizing:border-box;padding:.6rem;font:inherit;border:1px solid #767b85;border-radius:.4rem}
        button{margin-top:1rem;width:100%;padding:.75rem;font:inherit;font-weight:600;border:0;border-radius:.4rem;background:#4b32c3;color:#fff}
        .error{padding:.6rem;background:#fdecec;color:#8c1212;border-radius:.4rem}.note{color:#4d535e;font-size:.9rem}
        :focus-visible{outline:3px solid #4b32c3;outline-offset:2px}.row{display:flex;justify-content:space-between;gap:1rem}
        """;

    public static string Encode(string? text) => HtmlEncoder.Default.Encode(text ?? "");

    public static IResult Page(HttpContext context, PageTexts texts, string title, string body, int status = 200)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["X-Content-Type-Options"] = "nosniff";
        return Results.Content(
            $"""
            <!doctype html>
            <html lang="{texts.Language}">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{Encode(title)}</title><style>{Style}</style></head>
            <body><main><h1>{Encode(title)}</h1>
            {body}
            <p class="note">{Encode(texts.Notice)}</p></main></body>
            </html>
            """,
            "text/html; charset=utf-8",
            statusCode: status);
    }

    public static string Field(string name, string label, string type, string attributes) =>
        $"""<label for="{name}">{Encode(label)}</label><input id="{name}" name="{name}" type="{type}" {attributes}>""";

    public static string Error(string? message) =>
        message is null ? "" : $"""<p class="error" role="alert" id="error">{Encode(message)}</p>""";
}
