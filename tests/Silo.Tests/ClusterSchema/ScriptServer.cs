using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Actors.ClusterSchema;

/// <summary>A web server on a free port of this machine, which answers as told.</summary>
internal sealed class ScriptServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _requests = new();

    private ScriptServer(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(context =>
        {
            _requests.Enqueue(context.Request.Path);
            return answer(context);
        });
    }

    public Uri Root => new(_app.Urls.Single());

    /// <summary>The paths that were asked for, in order.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>Answers the first requests with <paramref name="statuses"/>, all later ones with what lies at their path, or 404.</summary>
    public static Task<ScriptServer> StartAsync(InventedScripts scripts, params int[] statuses)
    {
        var first = new ConcurrentQueue<int>(statuses);
        return StartAsync(async context =>
        {
            var path = context.Request.Path.Value!.TrimStart('/');
            if (first.TryDequeue(out var status))
            {
                context.Response.StatusCode = status;
            }
            else if (scripts.List.Scripts.Any(script => script.Path == path))
            {
                await context.Response.Body.WriteAsync(scripts.Content(path));
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            }
        });
    }

    public static async Task<ScriptServer> StartAsync(RequestDelegate answer)
    {
        var server = new ScriptServer(answer);
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
