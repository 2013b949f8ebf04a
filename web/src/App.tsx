import { Route, Switch } from 'wouter';
import { SignIn } from './pages/SignIn';
import { useSession } from './session';
import { Shell } from './shell/Shell';
import { Ahead, page } from './ui/page';
import { Empty, ProblemView } from './ui/ui';

const Home = page(() => import('./pages/Home'));
const Inventory = page(() => import('./pages/Inventory'));
const Level = page(() => import('./pages/Level'));
const Orders = page(() => import('./pages/Orders'));
const Board = page(() => import('./pages/fulfillment/Board'));
const Fo = page(() => import('./pages/fulfillment/Fo'));
const Picking = page(() => import('./pages/fulfillment/Picking'));
const Walk = page(() => import('./pages/fulfillment/Walk'));
const Pack = page(() => import('./pages/fulfillment/Pack'));
const Tasks = page(() => import('./pages/Tasks'));
const Report = page(() => import('./pages/reports/Report'));
const Reports = page(() => import('./pages/reports/Reports'));
const Returns = page(() => import('./pages/returns/Returns'));
const Return = page(() => import('./pages/returns/Return'));
const Customers = page(() => import('./pages/customers/Customers'));
const Customer = page(() => import('./pages/customers/Customer'));
const Journal = page(() => import('./pages/finance/Journal'));
const Rates = page(() => import('./pages/finance/Rates'));
const Series = page(() => import('./pages/finance/Series'));
const Companies = page(() => import('./pages/companies/Companies'));
const Company = page(() => import('./pages/companies/Company'));
const Products = page(() => import('./pages/catalog/Products'));
const Channels = page(() => import('./pages/catalog/Channels'));
const Channel = page(() => import('./pages/catalog/Channel'));
const Webhooks = page(() => import('./pages/settings/Webhooks'));
const Webhook = page(() => import('./pages/settings/Webhook'));
const People = page(() => import('./pages/settings/People'));
const Keys = page(() => import('./pages/settings/Keys'));
const Transfers = page(() => import('./pages/Transfers'));
const Pickups = page(() => import('./pages/fulfillment/Pickups'));
const Handover = page(() => import('./pages/fulfillment/Handover'));
const Orphans = page(() => import('./pages/fulfillment/Orphans'));
const System = page(() => import('./pages/settings/System'));
const Carriers = page(() => import('./pages/settings/Carriers'));
const Locations = page(() => import('./pages/settings/places/Locations'));
const Location = page(() => import('./pages/settings/places/Location'));
const Order = page(() => import('./pages/order/Order'));
const Drafts = page(() => import('./pages/drafts/Drafts'));
const Draft = page(() => import('./pages/drafts/Draft'));
const New = page(() => import('./pages/drafts/New'));
const Revise = page<{ id: string }>(() =>
  import('./pages/drafts/New').then((m) => ({ default: m.Revise })),
);
const Purchases = page(() => import('./pages/purchasing/Purchases'));
const Purchase = page(() => import('./pages/purchasing/Purchase'));
const NewPurchase = page(() => import('./pages/purchasing/PurchaseForm'));
const RevisePurchase = page<{ id: string }>(() =>
  import('./pages/purchasing/PurchaseForm').then((m) => ({ default: m.Revise })),
);
const Suppliers = page(() => import('./pages/purchasing/Suppliers'));
const Jobs = page(() => import('./pages/jobs/Jobs'));
const Job = page(() => import('./pages/jobs/Job'));
const Edit = page(() => import('./pages/order/edit/Edit'));

function Pages() {
  return (
    <Switch>
      <Route path="/">
        <Home />
      </Route>
      <Route path="/orders">
        <Orders />
      </Route>
      <Route path="/orders/new">
        <New />
      </Route>
      <Route path="/drafts">
        <Drafts />
      </Route>
      <Route path="/drafts/:id">{({ id }) => <Draft key={id} id={id} />}</Route>
      <Route path="/drafts/:id/edit">{({ id }) => <Revise key={id} id={id} />}</Route>
      <Route path="/orders/:id">{({ id }) => <Order key={id} id={id} />}</Route>
      <Route path="/orders/:id/edit">{({ id }) => <Edit key={id} id={id} />}</Route>
      <Route path="/jobs">
        <Jobs />
      </Route>
      <Route path="/jobs/:id">{({ id }) => <Job key={id} id={id} />}</Route>
      <Route path="/fulfillment">
        <Board />
      </Route>
      <Route path="/fulfillment/:id">{({ id }) => <Fo key={id} id={id} />}</Route>
      <Route path="/picking">
        <Picking />
      </Route>
      <Route path="/picking/:id">{({ id }) => <Walk key={id} id={id} />}</Route>
      <Route path="/packing/:id">{({ id }) => <Pack key={id} id={id} />}</Route>
      <Route path="/tasks">
        <Tasks />
      </Route>
      <Route path="/reports">
        <Reports />
      </Route>
      <Route path="/reports/:name">{({ name }) => <Report key={name} name={name} />}</Route>
      <Route path="/returns">
        <Returns />
      </Route>
      <Route path="/returns/:id">{({ id }) => <Return key={id} id={id} />}</Route>
      <Route path="/customers">
        <Customers />
      </Route>
      <Route path="/customers/:id">{({ id }) => <Customer key={id} id={id} />}</Route>
      <Route path="/journal">
        <Journal />
      </Route>
      <Route path="/fx-rates">
        <Rates />
      </Route>
      <Route path="/invoice-series">
        <Series />
      </Route>
      <Route path="/companies">
        <Companies />
      </Route>
      <Route path="/companies/:id">{({ id }) => <Company key={id} id={id} />}</Route>
      <Route path="/products">
        <Products />
      </Route>
      <Route path="/channels">
        <Channels />
      </Route>
      <Route path="/channels/:id">{({ id }) => <Channel key={id} id={id} />}</Route>
      <Route path="/webhooks">
        <Webhooks />
      </Route>
      <Route path="/webhooks/:id">{({ id }) => <Webhook key={id} id={id} />}</Route>
      <Route path="/people">
        <People />
      </Route>
      <Route path="/keys">
        <Keys />
      </Route>
      <Route path="/transfers">
        <Transfers />
      </Route>
      <Route path="/purchase-orders">
        <Purchases />
      </Route>
      <Route path="/purchase-orders/new">
        <NewPurchase />
      </Route>
      <Route path="/purchase-orders/:id">{({ id }) => <Purchase key={id} id={id} />}</Route>
      <Route path="/purchase-orders/:id/edit">
        {({ id }) => <RevisePurchase key={id} id={id} />}
      </Route>
      <Route path="/suppliers">
        <Suppliers />
      </Route>
      <Route path="/pickups">
        <Pickups />
      </Route>
      <Route path="/handover">
        <Handover />
      </Route>
      <Route path="/orphan-labels">
        <Orphans />
      </Route>
      <Route path="/system">
        <System />
      </Route>
      <Route path="/carriers">
        <Carriers />
      </Route>
      <Route path="/locations">
        <Locations />
      </Route>
      <Route path="/locations/:id">{({ id }) => <Location key={id} id={id} />}</Route>
      <Route path="/inventory">
        <Inventory />
      </Route>
      <Route path="/inventory/:sku/:location">
        {({ sku, location }) => <Level key={`${sku} ${location}`} sku={sku} location={location} />}
      </Route>
      <Route>
        <Empty title="There is no such page">
          <p>The address may be mistyped, or the page was moved.</p>
        </Empty>
      </Route>
    </Switch>
  );
}

export function App() {
  const { state, askAgain } = useSession();
  if (state.is === 'asking')
    return (
      <Ahead value={true}>
        <div hidden>
          <Pages />
        </div>
      </Ahead>
    );
  if (state.is === 'unreachable')
    return <ProblemView error={new Error('unreachable')} retry={askAgain} />;
  if (state.is === 'out') return <SignIn />;
  return (
    <Shell>
      <Pages />
    </Shell>
  );
}
