namespace Xiangyun.Store.Audit;

/// <summary>How much is written. A cloud that serves anybody writes all; less is for measuring what it costs, and the server says so.</summary>
public enum AuditLevel
{
    /// <summary>Rows, before and after, and the chain.</summary>
    Chained,
    /// <summary>Rows with before and after, but no chain.</summary>
    Rows,
    /// <summary>Rows with neither.</summary>
    Plain,
    /// <summary>Nothing.</summary>
    None,
}
