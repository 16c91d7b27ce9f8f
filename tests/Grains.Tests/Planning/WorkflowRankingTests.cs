using Actors.Patterns;

namespace Actors.Planning.Tests;

public class WorkflowRankingTests
{
    private static readonly WorkflowRecord Onboarding = Workflow("Client onboarding", "Bring a new client in", "delivery", "Kick-off call", "Collect documents");
    private static readonly WorkflowRecord Accounts = Workflow("Access and accounts", "Accounts for a client", null, "Create accounts", "Send credentials") with { ParentWorkflowId = Onboarding.Id };
    private static readonly WorkflowRecord Report = Workflow("Weekly report", "What was done for the client", "reporting", "Collect hours", "Write", "Send");
    private static readonly WorkflowRecord Closing = Workflow("Project close-out", "Hand over and look back", "delivery", "Final invoice", "Retrospective");
    private static readonly WorkflowRecord[] All = [Onboarding, Accounts, Report, Closing];

    [Theory]
    [InlineData("Onboard Acme Corporation as a new client", "Client onboarding")]
    [InlineData("onboarding for Ada Lovelace Ltd, starting Monday", "Client onboarding")]
    [InlineData("A customer is to be onboarded", "Client onboarding")]
    [InlineData("Set up access and accounts for Grace", "Access and accounts")]
    [InlineData("Close out the project of Ada", "Project close-out")]
    [InlineData("Write the weekly report", "Weekly report")]
    [InlineData("Report for Acme", "Weekly report")]
    [InlineData("final invoice and retrospective", "Project close-out")]
    public void an_intent_finds_its_workflow(string intent, string name) => Assert.Equal(name, WorkflowRanking.Matching(intent, All)[0].Name);

    [Theory]
    [InlineData("Bake a cake for the client")]
    [InlineData("Move the office to Lisbon")]
    [InlineData("the and of")]
    [InlineData("???")]
    public void nothing_is_made_to_match(string intent) => Assert.Empty(WorkflowRanking.Matching(intent, All));

    [Fact]
    public void a_single_workflow_is_matched_like_one_of_many()
    {
        Assert.Single(WorkflowRanking.Matching("Onboard Ada", [Onboarding]));
        Assert.Empty(WorkflowRanking.Matching("Bake a cake", [Onboarding]));
        Assert.Empty(WorkflowRanking.Matching("Onboard Ada", []));
    }

    private static WorkflowRecord Workflow(string name, string description, string? capability, params string[] steps)
    {
        var id = Guid.CreateVersion7();
        return new WorkflowRecord(
            id, id, 1, name, description, capability, null, WorkflowStatus.Active, [.. steps.Select((title, i) => new WorkflowStep(i + 1, title, null, 1))], default, default);
    }
}
