using System.Diagnostics;
using Actors.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Actors.Api.Tests.OpenApi;

/// <summary>
/// Runs the service's own program in this process, for the routes it maps. Every host tells of itself when it is built,
/// which is how ASP.NET Core's own test server finds a program's host too.
/// </summary>
internal sealed class RoutesOfProgram : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private readonly TaskCompletionSource<IHost> _built = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static async Task<IReadOnlyList<RouteEndpoint>> ReadAsync()
    {
        await using var database = await TestPostgres.CreateAsync();
        var data = Directory.CreateTempSubdirectory("routes-test-");
        var observer = new RoutesOfProgram();
        using var subscription = DiagnosticListener.AllListeners.Subscribe(observer);
        string[] arguments = [.. HostArguments.All(), "--port", "0", "--data", data.FullName, "--postgres", database.ConnectionString];
        var program = Task.Run(() => (int)typeof(Errors).Assembly.EntryPoint!.Invoke(null, [arguments])!);
        var host = await observer._built.Task.WaitAsync(StartLimit);
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var _ = lifetime.ApplicationStarted.Register(started.SetResult);
        await (await Task.WhenAny(started.Task, program)).WaitAsync(StartLimit);

        var routes = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();

        lifetime.StopApplication();
        Assert.Equal(0, await program);
        data.Delete(recursive: true);
        return routes;
    }

    void IObserver<DiagnosticListener>.OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.Extensions.Hosting")
        {
            value.Subscribe(this);
        }
    }

    void IObserver<KeyValuePair<string, object?>>.OnNext(KeyValuePair<string, object?> value)
    {
        if (value is { Key: "HostBuilt", Value: IHost host })
        {
            _built.TrySetResult(host);
        }
    }

    void IObserver<DiagnosticListener>.OnCompleted()
    {
    }

    void IObserver<DiagnosticListener>.OnError(Exception error) => _built.TrySetException(error);

    void IObserver<KeyValuePair<string, object?>>.OnCompleted()
    {
    }

    void IObserver<KeyValuePair<string, object?>>.OnError(Exception error) => _built.TrySetException(error);
}
