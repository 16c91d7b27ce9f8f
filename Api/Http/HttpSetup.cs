using Actors.Api;
using Actors.Hosting;

namespace Actors.Http;

/// <summary>What every request passes: limits, errors, the access log.</summary>
internal static class HttpSetup
{
    /// <summary>Largest request body: the HTTP contract's 1 MiB.</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    /// <summary>
    /// A body that is too large is read to its end up to this size, so that its sender hears the refusal and the connection
    /// can be used again. Beyond it the connection is closed.
    /// </summary>
    public const int MaxSkippedBytes = 8 * 1024 * 1024;

    public static void AddHttp(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseUrls(ListenAddress.Of(builder.Configuration, defaultPort: 8080));
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = MaxSkippedBytes;
        });
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Answers));
        builder.Services.AddExceptionHandler<Errors>();
        builder.Services.AddRouting();
    }

    public static void UseHttp(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            if (context.Request.ContentLength > MaxSkippedBytes)
            {
                CloseAfterAnswer(context);
            }

            return next(context);
        });
        app.UseRouting();
        app.UseMiddleware<AccessLog>();
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(context => ProblemResponse.WriteAsync(context.HttpContext, ProblemOf(context.HttpContext.Response.StatusCode)));
    }

    /// <summary>
    /// Tells the client that the connection closes: it would otherwise send its next request into one that is about to.
    /// </summary>
    public static void CloseAfterAnswer(HttpContext context) =>
        context.Response.OnStarting(() =>
        {
            context.Response.Headers.Connection = "close";
            return Task.CompletedTask;
        });

    // Answers the framework gives by itself, without a body.
    private static Problem ProblemOf(int status) => status switch
    {
        404 => new("Not Found", 404, "no_such_route", "There is nothing at this address.", "See /docs for the routes."),
        405 => new("Method Not Allowed", 405, "method_not_allowed", "This address does not take this method.", "The header Allow names those it takes."),
        _ => new("Error", status, "refused", "The request was refused.", "Check the request."),
    };
}
