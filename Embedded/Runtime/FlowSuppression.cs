namespace Actors.Embedded;

/// <summary>Keeps the caller's AsyncLocals and Activity out of what is started; may be used where flow is suppressed already.</summary>
internal readonly struct FlowSuppression : IDisposable
{
    private readonly bool _mine;

    private FlowSuppression(bool mine) => _mine = mine;

    public static FlowSuppression Begin()
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            return default;
        }

        ExecutionContext.SuppressFlow();
        return new FlowSuppression(mine: true);
    }

    public void Dispose()
    {
        if (_mine)
        {
            ExecutionContext.RestoreFlow();
        }
    }
}
