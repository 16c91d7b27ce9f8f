using Actors.Api;

namespace Actors.Http;

/// <summary>What every request passes: limits, errors, the access log.</summary>
internal static class HttpSetup
{
    /// <summary>Largest request body: the HTTP contract's 1 MiB.</summary>
    public const long MaxBodyBytes = 1024 * 1024;

    public static void AddHttp(this WebApplicationBuilder builder)
    {
        var listen = builder.Configuration["Listen"] ?? "127.0.0.1";
        var port = builder.Configuration["Port"] ?? "8080";
        builder.WebHost.UseUrls($"http://{(listen.Contains(':') ? $"[{listen}]" : listen)}:{port}");
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Answers));
        builder.Services.AddExceptionHandler<Errors>();
        builder.Services.AddRouting();
    }

    public static void UseHttp(this WebApplication app)
    {
        app.UseRouting();
        app.UseMiddleware<AccessLog>();
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(context => ProblemResponse.WriteAsync(context.HttpContext, ProblemOf(context.HttpContext.Response.StatusCode)));
    }

    // Answers the framework gives by itself, without a body.
    private static Problem ProblemOf(int status) => status switch
    {
        404 => new("Not Found", 404, "no_such_route", "There is nothing at this address.", "See docs/memory.md for the routes."),
        405 => new("Method Not Allowed", 405, "method_not_allowed", "This address does not take this method.", "The header Allow names those it takes."),
        _ => new("Error", status, "refused", "The request was refused.", "Check the request."),
    };
}
