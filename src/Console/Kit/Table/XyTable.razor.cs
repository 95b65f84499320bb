using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;
using Xiangyun.Client;
using Xiangyun.Console.Kit.Table;
using Xiangyun.Console.Shell;
using Xiangyun.Kernel;

namespace Xiangyun.Console.Kit;

/// <summary>Loads what the address asks for, and asks again while something on the page is still going on.</summary>
public sealed partial class XyTable<T> : IDisposable
{
    private const int ExportMost = 10_000;
    private readonly CancellationTokenSource _gone = new();
    private readonly Dictionary<string, T> _picked = [];
    private readonly Stack<string?> _before = new();
    private ListState _state = ListState.Read("");
    private IReadOnlyList<T>? _rows;
    private Exception? _error;
    private bool _more, _exporting;
    private int _asked;
    private string? _menu; // the row whose menu was opened last: the others have none until somebody wants it

    [Inject] private NavigationManager Navigation { get; set; } = null!;
    [Inject] private IJSRuntime Js { get; set; } = null!;
    [CascadingParameter] private Words W { get; set; } = null!;
    [Parameter, EditorRequired] public string Id { get; set; } = "";
    [Parameter, EditorRequired] public string Title { get; set; } = "";
    [Parameter, EditorRequired] public Func<T, string> Key { get; set; } = null!;
    [Parameter] public string? EmptyText { get; set; }
    [Parameter] public RenderFragment? Empty { get; set; }
    [Parameter] public RenderFragment? Tools { get; set; }
    [Parameter] public RenderFragment<T>? RowMenu { get; set; }
    [Parameter] public RenderFragment<IReadOnlyList<T>>? Bulk { get; set; }
    /// <summary>Rows that are still on their way to something: while one is shown, the page looks again every few seconds.</summary>
    [Parameter] public Func<T, bool>? Busy { get; set; }
    [Parameter, EditorRequired] public TableShape<T> Shape { get; set; } = null!;

    private IReadOnlyList<Column<T>> Columns => Shape.Columns;
    private IReadOnlyList<Filter> Filters => Shape.Filters;
    private IEnumerable<Column<T>> Visible => Columns.Where(Shows);

    private bool Shows(Column<T> column) => column.Hidden == _state.Toggled.Contains(column.Key);

    protected override void OnInitialized() => Navigation.LocationChanged += Moved;

    protected override async Task OnInitializedAsync()
    {
        _state = ListState.Read(Navigation.Uri);
        if (!RendererInfo.IsInteractive) return; // the first paint is the frame; rows come with the circuit
        await Load(quiet: false);
        _ = Watch();
    }

    /// <summary>What a page calls after it has changed something.</summary>
    public Task Refresh() => Load(quiet: true);

    private async Task Load(bool quiet)
    {
        var ask = ++_asked;
        if (!quiet) (_rows, _error) = (null, null);
        if (!quiet) StateHasChanged();
        try
        {
            var page = await Shape.Fetch(_state, _gone.Token);
            if (ask != _asked) return; // somebody asked for something else meanwhile
            (_rows, _more, _error) = (page.Rows, page.More, null);
            foreach (var row in page.Rows.Where(r => _picked.ContainsKey(Key(r)))) _picked[Key(row)] = row;
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e) when (e is Refusal or HttpRequestException or TaskCanceledException)
        {
            if (ask == _asked && !quiet) _error = e;
        }
        StateHasChanged();
    }

    private async Task Watch()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(3));
        try
        {
            while (await timer.WaitForNextTickAsync(_gone.Token))
                if (Busy is not null && _rows?.Any(Busy) == true) await InvokeAsync(() => Load(quiet: true));
        }
        catch (OperationCanceledException)
        {
            // the page was left
        }
    }

    private void Go(ListState state) => Navigation.NavigateTo(Navigation.Uri.Split('?', '#')[0] + state.Query());

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        if (ListState.Read(e.Location) is var state && state.Query() == _state.Query()) return;
        var same = state with { Toggled = _state.Toggled } is var s && s.Query() == _state.Query();
        _state = state;
        _ = InvokeAsync(async () =>
        {
            if (same) StateHasChanged();
            else
            {
                _picked.Clear();
                await Load(quiet: false);
            }
        });
    }

    private void Next()
    {
        if (_rows is not { Count: > 0 }) return;
        _before.Push(_state.Marker);
        Go(_state with { Marker = Key(_rows[^1]), Page = _state.Page + 1 });
    }

    /// <summary>Services page forwards only: back is where we came from, or the beginning when the page was opened by its address.</summary>
    private void Back()
    {
        if (_before.TryPop(out var marker) && marker is not null) Go(_state with { Marker = marker, Page = _state.Page - 1 });
        else First();
    }

    private void First()
    {
        _before.Clear();
        Go(_state with { Marker = null, Page = 1 });
    }

    private void Resize(ChangeEventArgs e) => Go(_state with { Size = int.Parse((string)e.Value!), Marker = null, Page = 1 });

    private void Toggle(string key) => Go(_state with { Toggled = _state.Toggled.Contains(key) ? _state.Toggled.Remove(key) : _state.Toggled.Add(key) });

    private void Pick(T row)
    {
        if (!_picked.Remove(Key(row))) _picked[Key(row)] = row;
    }

    private void PickAll()
    {
        var all = _rows!.All(r => _picked.ContainsKey(Key(r)));
        _picked.Clear();
        if (!all) foreach (var row in _rows!) _picked[Key(row)] = row;
    }

    private async Task Export()
    {
        _exporting = true;
        try
        {
            var (rows, state) = (new List<T>(), _state with { Marker = null, Page = 1, Size = 500 });
            while (rows.Count < ExportMost)
            {
                var page = await Shape.Fetch(state, _gone.Token);
                rows.AddRange(page.Rows);
                if (!page.More || page.Rows.Count == 0) break;
                state = state with { Marker = Key(page.Rows[^1]) };
            }
            var columns = Visible.ToList();
            await Js.InvokeVoidAsync("xy.download", $"{Id}.csv", Csv.Write([.. columns.Select(c => W[c.Words])], columns, rows));
        }
        finally
        {
            _exporting = false;
        }
    }

    public void Dispose()
    {
        Navigation.LocationChanged -= Moved;
        _gone.Cancel();
        _gone.Dispose();
    }
}
