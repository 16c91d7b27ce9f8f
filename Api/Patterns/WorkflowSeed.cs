using System.Text.Json;
using Actors.Hosting;
using Actors.Storage;

namespace Actors.Patterns;

/// <summary>
/// Stores workflows to start from, for <c>--seed</c>: after the grains are up and before the first request is taken. Those
/// whose name exists, in whatever version or status, are left alone.
/// </summary>
internal sealed partial class WorkflowSeed(IGrainFactory grains, IServiceProvider services, ILogger<WorkflowSeed> logger) : IHostedService
{
    /// <summary>The flag of the command line.</summary>
    public const string Flag = "--seed";

    private const string Resource = "Actors.Patterns.WorkflowSeed.json";

    /// <summary>The workflows, each with its parts.</summary>
    public static IEnumerable<(NewWorkflow Workflow, NewWorkflow[] Parts)> Load()
    {
        using var file = typeof(WorkflowSeed).Assembly.GetManifestResourceStream(Resource)!;
        using var document = JsonDocument.Parse(file);
        return
        [
            .. document.RootElement.EnumerateArray().Select(entry => (
                PatternBinding.NewWorkflow(entry.GetProperty("workflow")),
                entry.TryGetProperty("parts", out var parts) ? parts.EnumerateArray().Select(PatternBinding.NewWorkflow).ToArray() : [])),
        ];
    }

    /// <exception cref="StartFailedException">They could not be stored.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ActorConnection.UntilHostedAsync(services, cancellationToken);
            var created = await CreateMissingAsync(cancellationToken);
            LogSeeded(created);
        }
        catch (Exception failure) when (failure is StorageUnavailableException or OutcomeUnknownException or WritesSuspendedException
                                            or PatternRefusedException or NotHostedException or OrleansException or TimeoutException)
        {
            throw new StartFailedException($"The workflows of {Flag} could not be stored: {failure.Message}", failure);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<int> CreateMissingAsync(CancellationToken cancellationToken)
    {
        var known = await FindAllAsync(cancellationToken);
        var created = 0;
        foreach (var (workflow, parts) in Load())
        {
            var whole = await EnsureAsync(workflow);
            foreach (var part in parts)
            {
                await EnsureAsync(part with { ParentWorkflowId = whole });
            }
        }

        return created;

        async Task<Guid> EnsureAsync(NewWorkflow workflow)
        {
            if (!known.TryGetValue(workflow.Name, out var id))
            {
                known[workflow.Name] = id = (await PatternApi.Writer(grains).CreateWorkflowAsync(workflow, cancellationToken)).Id;
                created++;
            }

            return id;
        }
    }

    // By name, the newest version of each.
    private async Task<Dictionary<string, Guid>> FindAllAsync(CancellationToken cancellationToken)
    {
        var all = new Dictionary<string, Guid>(StringComparer.Ordinal);
        WorkflowPage? page = null;
        do
        {
            page = await PatternApi.Reader(grains).ListWorkflowsAsync(
                new WorkflowListRequest(null, null, null, null, PatternBinding.MaxPage, page?.Workflows[^1].Id), cancellationToken);
            foreach (var workflow in page.Workflows)
            {
                all.TryAdd(workflow.Name, workflow.Id);
            }
        }
        while (page.HasMore);

        return all;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Seeded workflows that were missing: {Created}")]
    private partial void LogSeeded(int created);
}

/// <summary>Composition of <see cref="WorkflowSeed"/>.</summary>
internal static class WorkflowSeedSetup
{
    /// <summary>Stores the workflows at the start, if the command line says so. After the grains, since what is hosted starts in order.</summary>
    public static void AddWorkflowSeed(this WebApplicationBuilder builder, CommandLine arguments)
    {
        if (arguments.Flags.Contains(WorkflowSeed.Flag))
        {
            builder.Services.AddHostedService<WorkflowSeed>();
        }
    }
}
