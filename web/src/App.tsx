import { lazy, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { SignIn } from './pages/SignIn';
import { useSession } from './session';
import { Shell } from './shell/Shell';
import { Empty, ProblemView, Shades } from './ui/ui';

const Home = lazy(() => import('./pages/Home'));
const Inventory = lazy(() => import('./pages/Inventory'));
const Level = lazy(() => import('./pages/Level'));
const Orders = lazy(() => import('./pages/Orders'));
const Board = lazy(() => import('./pages/fulfillment/Board'));
const Fo = lazy(() => import('./pages/fulfillment/Fo'));
const Picking = lazy(() => import('./pages/fulfillment/Picking'));
const Walk = lazy(() => import('./pages/fulfillment/Walk'));
const Pack = lazy(() => import('./pages/fulfillment/Pack'));
const Tasks = lazy(() => import('./pages/Tasks'));
const Report = lazy(() => import('./pages/reports/Report'));
const Reports = lazy(() => import('./pages/reports/Reports'));
const Returns = lazy(() => import('./pages/returns/Returns'));
const Return = lazy(() => import('./pages/returns/Return'));
const Customers = lazy(() => import('./pages/customers/Customers'));
const Customer = lazy(() => import('./pages/customers/Customer'));
const Products = lazy(() => import('./pages/catalog/Products'));
const Channels = lazy(() => import('./pages/catalog/Channels'));
const Channel = lazy(() => import('./pages/catalog/Channel'));
const Webhooks = lazy(() => import('./pages/settings/Webhooks'));
const Webhook = lazy(() => import('./pages/settings/Webhook'));
const People = lazy(() => import('./pages/settings/People'));
const Keys = lazy(() => import('./pages/settings/Keys'));
const Transfers = lazy(() => import('./pages/Transfers'));
const Pickups = lazy(() => import('./pages/fulfillment/Pickups'));
const Handover = lazy(() => import('./pages/fulfillment/Handover'));
const System = lazy(() => import('./pages/settings/System'));
const Carriers = lazy(() => import('./pages/settings/Carriers'));
const Locations = lazy(() => import('./pages/settings/places/Locations'));
const Location = lazy(() => import('./pages/settings/places/Location'));
const Order = lazy(() => import('./pages/order/Order'));
const Drafts = lazy(() => import('./pages/drafts/Drafts'));
const Draft = lazy(() => import('./pages/drafts/Draft'));
const New = lazy(() => import('./pages/drafts/New'));
const Revise = lazy(() => import('./pages/drafts/New').then((m) => ({ default: m.Revise })));
const Jobs = lazy(() => import('./pages/jobs/Jobs'));
const Job = lazy(() => import('./pages/jobs/Job'));
const Edit = lazy(() => import('./pages/order/edit/Edit'));

export function App() {
  const { state, askAgain } = useSession();
  if (state.is === 'asking') return null;
  if (state.is === 'unreachable')
    return <ProblemView error={new Error('unreachable')} retry={askAgain} />;
  if (state.is === 'out') return <SignIn />;
  return (
    <Shell>
      <Suspense fallback={<Shades lines={8} />}>
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
          <Route path="/pickups">
            <Pickups />
          </Route>
          <Route path="/handover">
            <Handover />
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
            {({ sku, location }) => (
              <Level key={`${sku} ${location}`} sku={sku} location={location} />
            )}
          </Route>
          <Route>
            <Empty title="There is no such page">
              <p>The address may be mistyped, or the page was moved.</p>
            </Empty>
          </Route>
        </Switch>
      </Suspense>
    </Shell>
  );
}
