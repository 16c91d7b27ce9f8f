using System.Diagnostics;
using Actors.Embedded;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Actors.Bench;

/// <summary>What a grain call costs in process, apart from what the grain does.</summary>
public static class GrainBench
{
    private const int Rounds = 3;

    private sealed record Case(string Name, int Callers, int Grains, Func<IBenchGrain, Task> Call);

    /// <summary>Prints the table. The only argument is the number of calls per round and case; default 2,000,000.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var calls = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 2_000_000;
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddEmbeddedActors(options => options.GrainAssemblies.Add(typeof(BenchGrain).Assembly));
        using var host = builder.Build();
        await host.StartAsync();
        var factory = host.Services.GetRequiredService<IGrainFactory>();
        var payload = new BenchPayload("some text", 1);
        Case[] cases =
        [
            new("no-op, 1 caller", 1, 1, grain => grain.NoOpAsync()),
            new("no-op, 8 callers on 8 grains", 8, 8, grain => grain.NoOpAsync()),
            new("no-op, 8 callers on 1 grain", 8, 1, grain => grain.NoOpAsync()),
            new("record in and out, 8 callers on 8 grains", 8, 8, grain => grain.EchoAsync(payload)),
        ];
        Console.WriteLine($"{Environment.ProcessorCount} processors, {calls:N0} calls, best of {Rounds} rounds");
        Console.WriteLine($"{"call",-42} {"ns/call",10} {"B/call",8}");
        foreach (var item in cases)
        {
            await MeasureAsync(factory, item, Math.Max(calls / 10, 1));
            var results = new List<(double Nanoseconds, double Bytes)>();
            for (var round = 0; round < Rounds; round++)
            {
                results.Add(await MeasureAsync(factory, item, calls));
            }

            var (nanoseconds, bytes) = results.MinBy(result => result.Nanoseconds);
            Console.WriteLine($"{item.Name,-42} {nanoseconds,10:F0} {bytes,8:F0}");
        }

        await host.StopAsync();
        return 0;
    }

    private static async Task<(double Nanoseconds, double Bytes)> MeasureAsync(IGrainFactory factory, Case item, int calls)
    {
        var grains = Enumerable.Range(0, item.Callers).Select(caller => factory.GetGrain<IBenchGrain>($"{item.Name} {caller % item.Grains}")).ToList();
        GC.Collect();
        var bytesBefore = GC.GetTotalAllocatedBytes(precise: true);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(grains.Select(grain => Task.Run(() => CallAsync(grain, item.Call, calls / item.Callers))));
        var elapsed = Stopwatch.GetElapsedTime(started);
        var bytes = GC.GetTotalAllocatedBytes(precise: true) - bytesBefore;
        return (elapsed.TotalNanoseconds / calls, (double)bytes / calls);
    }

    private static async Task CallAsync(IBenchGrain grain, Func<IBenchGrain, Task> call, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await call(grain);
        }
    }
}
