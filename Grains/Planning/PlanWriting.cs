using Actors.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Actors.Planning;

/// <summary>Who writes a plan's procedure: a language model if one is configured, else the rules.</summary>
internal sealed partial class PlanWriting(
    IServiceProvider services, IOptions<LanguageModelOptions> options, IGrainFactory grains, PlanStore store, TimeProvider time, PlanningMetrics metrics,
    ILogger<PlanWriting> logger)
{
    // As important as a decision that must not be missed: somebody waits for a plan that did not come.
    private const double SalienceOfFailure = 0.9;
    private const int IntentInEvent = 500;

    /// <summary>Writes it.</summary>
    /// <returns>The procedure, who wrote it, and whether that is not whom it should have been.</returns>
    /// <exception cref="LanguageModelException">The model failed, and the plan is not to fall back on rules. An event of the client records it.</exception>
    public async Task<(Sop Sop, string Writer, bool IsFallback)> WriteAsync(PlanMaterial material, CancellationToken cancellationToken)
    {
        if (!options.Value.IsOn)
        {
            metrics.Written("rules");
            return (RulePlanWriter.Write(material), "rules", false);
        }

        var begun = time.GetTimestamp();
        try
        {
            var sop = await services.GetRequiredService<ModelPlanWriter>().WriteAsync(material, cancellationToken);
            metrics.Written("llm");
            return (sop, "llm", false);
        }
        catch (LanguageModelException failure)
        {
            LogFailure(failure.Message);
            metrics.Written(material.Plan.FallsBackToRules ? "rules_instead" : "failed");
            await RecordAsync(material, failure);
            if (!material.Plan.FallsBackToRules)
            {
                throw;
            }

            return (RulePlanWriter.Write(material), "rules", true);
        }
        finally
        {
            metrics.ModelTook(time.GetElapsedTime(begun));
        }
    }

    // Not cancelled: whoever asked may have gone by now, and what happened is to be known all the same.
    private Task RecordAsync(PlanMaterial material, LanguageModelException failure)
    {
        var content = $"No plan was written by the language model. {failure.Message} Intent: {PlanRules.Shortened(material.Plan.Intent, IntentInEvent)}";
        const string Metadata = """{"source":"planner","error":"llm_error"}""";
        return material.Plan.ClientId is { } clientId
            ? grains.GetGrain<ISessionGrain>(SessionKey.Of(clientId)).RememberAsync(
                new RememberRequest([new NewMemory(content, Salience: SalienceOfFailure, MetadataJson: Metadata)]), CancellationToken.None)
            : store.InsertHouseEventAsync(content, SalienceOfFailure, Metadata, material.Now);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The language model wrote no plan: {Reason}")]
    private partial void LogFailure(string reason);
}
